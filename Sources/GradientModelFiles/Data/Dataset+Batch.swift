public import Backpropagation
public import GzipIO

extension Dataset {
  /// Reads a batch for a network from an NPZ file: the arrays `input` and `target`, whose first axis counts the examples.
  ///
  /// Of several inputs each is an array of its own name; of several losses each has an array of its target's name, or its
  /// output's where that has none. An array `lengths` says how many positions of each example are valid.
  ///
  /// - Throws: An ``InputError`` that names what is missing or doesn't fit.
  public init(
    batch file: String, for network: NeuralNetwork, limit: Int = FileReader.defaultLimit
  ) throws(InputError) {
    let archive = BatchArchive(
      file: file, arrays: try NumberArray.npz(file, limit: limit))
    let inputs = network.nodes.prefix(network.inputCount)
    let count = try archive.array(inputs[0].name).shape.first ?? 0
    guard count > 0 else {
      throw InputError(file: file, "array \(inputs[0].name.quoted) has no examples")
    }
    var features: [Features] = []
    for node in inputs {
      let array = try archive.array(node.name, [count] + node.shape.sizes)
      features.append(Features(name: node.name, shape: node.shape, values: array.numbers))
    }
    var sets: [Targets] = []
    for head in network.heads {
      let output = network.nodes[head.output].name
      let name = network.heads.count == 1 ? "target" : head.target ?? output
      guard !head.loss.takesClasses else {
        sets.append(try archive.classes(name, count: count, positions: head.positions))
        continue
      }
      let array = try archive.array(name, [count] + network.nodes[head.output].shape.sizes)
      sets.append(.values(array.numbers, perExample: array.numbers.count / count))
    }
    var lengths: [Int]?
    if archive.arrays["lengths"] != nil {
      let most = inputs[0].shape.sizes.first ?? 1
      var valid: [Int] = []
      for number in try archive.array("lengths", [count]).numbers {
        guard let length = Int(exactly: number), (0...most).contains(length) else {
          throw InputError(
            file: file,
            "array \"lengths\" holds \(number), expected whole numbers from 0 to \(most)")
        }
        valid.append(length)
      }
      lengths = valid
    }
    self.init(features: features, targetSets: sets, lengths: lengths)
    do { try network.check(self) } catch { throw InputError(file: file, error.message) }
  }
}

/// The arrays of an NPZ file, held against what a network expects.
private struct BatchArchive {
  let file: String
  let arrays: [String: NumberArray]

  func array(_ name: String) throws(InputError) -> NumberArray {
    guard let array = arrays[name] else {
      let names = arrays.keys.sorted()
      throw InputError(
        file: file,
        "has no array \(name.quoted)" + suggestion(for: name, among: names)
          + (names.isEmpty
            ? "" : "; it has \(names.prefix(8).map(\.quoted).joined(separator: ", "))"))
    }
    return array
  }

  /// An array of this shape; a single output may stand without an axis of its own.
  func array(_ name: String, _ shape: [Int]) throws(InputError) -> NumberArray {
    let array = try array(name)
    guard array.shape == shape || array.shape + [1] == shape else {
      throw InputError(
        file: file,
        "array \(name.quoted) is \(NumberArray.title(of: array.shape)), expected "
          + NumberArray.title(of: shape))
    }
    guard array.numbers.allSatisfy({ $0.isFinite }) else {
      throw InputError(file: file, "array \(name.quoted) holds numbers that are not finite")
    }
    return array
  }

  /// Class numbers, one for each example or for each position.
  func classes(_ name: String, count: Int, positions: Int?) throws(InputError) -> Targets {
    let array = try array(name, [count] + (positions.map { [$0] } ?? []))
    var classes: [Int] = []
    for number in array.numbers {
      guard let value = Int32(exactly: number), value >= 0 else {
        throw InputError(
          file: file, "array \(name.quoted) holds \(number), expected class numbers from 0")
      }
      classes.append(Int(value))
    }
    return .classes(classes, names: [], perExample: positions ?? 1)
  }
}
