/// A layer whose units each see a small part of its input, the same part of every plane at many places.
package protocol ReceptiveField {
  /// The parts into which the channels are divided.
  var groups: Int { get }

  /// The weights of a unit, for an input of this shape.
  func patchSize(of input: Shape) -> Int

  /// The places at which each unit acts.
  func positions(of input: Shape) -> Int

  /// Writes what the units of `group` see of examples of this shape: for each example a row at each of `places` places,
  /// spread evenly, with a number for each of a unit's weights.
  func writePatches(
    of inputs: UnsafePointer<Double>, examples: Int, shape: Shape, group: Int, places: Int,
    to patches: UnsafeMutablePointer<Double>)
}

/// A layer whose receptive field its connections tell.
private protocol Connected: ReceptiveField { var connections: Connections { get } }

extension Convolution1D: Connected {}
extension Convolution2D: Connected {}

extension Connected {
  package func patchSize(of input: Shape) -> Int { connections.patchSize(of: input) }

  package func positions(of input: Shape) -> Int { connections.positions(of: input) }

  package func writePatches(
    of inputs: UnsafePointer<Double>, examples: Int, shape: Shape, group: Int, places: Int,
    to patches: UnsafeMutablePointer<Double>
  ) {
    connections.writePatches(
      of: inputs, examples: examples, Planes(example: shape), group: group, places: places,
      to: patches)
  }
}

extension Connections {
  fileprivate func patchSize(of input: Shape) -> Int {
    Planes(example: input).channels / groups * window.kernel.height * window.kernel.width
  }

  fileprivate func positions(of input: Shape) -> Int {
    let extent = window.extent(of: Planes(example: input))
    return extent.height * extent.width
  }

  fileprivate func writePatches(
    of inputs: UnsafePointer<Double>, examples: Int, _ planes: Planes, group: Int, places: Int,
    to patches: UnsafeMutablePointer<Double>
  ) {
    let extent = window.extent(of: planes), positions = extent.height * extent.width
    let share = planes.channels / groups
    let taps = window.kernel.height * window.kernel.width
    var next = patches
    for example in 0..<examples {
      for index in 0..<places {
        let position = index * positions / places
        let top = position / extent.width * window.stride.height - window.before.height
        let left = position % extent.width * window.stride.width - window.before.width
        for channel in group * share..<(group + 1) * share {
          let plane = inputs + (example * planes.channels + channel) * planes.size
          for tap in 0..<taps {
            let y = top + tap / window.kernel.width * window.dilation.height
            let x = left + tap % window.kernel.width * window.dilation.width
            let isInside = (0..<planes.height).contains(y) && (0..<planes.width).contains(x)
            next.pointee = isInside ? plane[y * planes.width + x] : 0
            next += 1
          }
        }
      }
    }
  }
}
