/// A layer whose units each see a small part of its input, the same part of every plane at many places.
package protocol ReceptiveField {
  /// The parts into which the channels are divided.
  var groups: Int { get }

  /// What the units of `group` see, of examples × channels × …: a row for each example at each of at most `places` places,
  /// spread evenly, and a column for each of a unit's weights.
  func patches(of inputs: Tensor<Double>, group: Int, places: Int) -> Tensor<Double>
}

extension Convolution1D: ReceptiveField {
  package func patches(of inputs: Tensor<Double>, group: Int, places: Int) -> Tensor<Double> {
    connections.patches(of: inputs, group: group, places: places)
  }
}

extension Convolution2D: ReceptiveField {
  package func patches(of inputs: Tensor<Double>, group: Int, places: Int) -> Tensor<Double> {
    connections.patches(of: inputs, group: group, places: places)
  }
}

extension Connections {
  fileprivate func patches(
    of inputs: Tensor<Double>, group: Int, places: Int
  ) -> Tensor<Double> {
    let planes = Planes(batch: inputs.shape), extent = window.extent(of: planes)
    let positions = extent.height * extent.width, taken = min(places, positions)
    let share = planes.channels / groups
    let taps = window.kernel.height * window.kernel.width
    let examples = inputs.shape[0]
    var patches = Tensor<Double>(zeros: [examples * taken, share * taps])
    var place = 0
    for example in 0..<examples {
      for index in 0..<taken {
        let position = index * positions / taken
        let top = position / extent.width * window.stride.height - window.before.height
        let left = position % extent.width * window.stride.width - window.before.width
        for channel in group * share..<(group + 1) * share {
          let plane = (example * planes.channels + channel) * planes.size
          for tap in 0..<taps {
            let y = top + tap / window.kernel.width * window.dilation.height
            let x = left + tap % window.kernel.width * window.dilation.width
            if (0..<planes.height).contains(y), (0..<planes.width).contains(x) {
              patches[place] = inputs[plane + y * planes.width + x]
            }
            place += 1
          }
        }
      }
    }
    return patches
  }
}
