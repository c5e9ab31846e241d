import GradientHealth

/// What is to be learned: small made-up data, drawn anew for each seed.
struct Task {
  /// What an example looks like.
  enum Form {
    /// Points around four centers.
    case points
    /// Points around four centers, of which the first two are told from the others by one output.
    case halves
    /// Points, and two smooth functions of each.
    case functions
    /// Noisy pictures of 8 × 8 pixels, four of a kind.
    case images
    /// Sequences of so many steps, which all point the way of their class.
    case sequences(Int)
    /// Sequences of so many steps, the first of which tells the class.
    case openings(Int)
  }

  var form = Form.points
  /// The examples trained on.
  var examples = 256
  /// The standard deviation of what is added to each number.
  var noise = 1.0
  /// What a feature is multiplied by, and what is added to it then.
  var scale: (_ feature: Int) -> Double = { _ in 1 }
  var offset = 0.0
  /// The place of a number that is not one, among the training inputs.
  var missing: Int?

  /// The outputs that a network for it has.
  var outputs: Int {
    switch form {
    case .points, .images, .sequences, .openings: 4
    case .functions: 2
    case .halves: 1
    }
  }

  /// The shape of an example.
  var shape: Shape {
    switch form {
    case .points, .halves, .functions: [8]
    case .images: [1, 8, 8]
    case .sequences(let length), .openings(let length): [length, 4]
    }
  }

  /// The loss that fits the targets.
  var loss: any Loss {
    switch form {
    case .points, .images, .sequences, .openings: .softmaxCrossEntropy
    case .functions: .meanSquaredError
    case .halves: .binaryCrossEntropy
    }
  }

  /// The training and validation parts for a seed.
  func data(seed: UInt64) -> DataSplit {
    var random = RandomSource(seed: seed, stream: "places")
    let places = (0..<4 * shape.count).map { _ in 2 * random.normal() }
    var training = part(examples, places, seed, "training")
    if let missing { training[missing] = .nan }
    return DataSplit(
      training: dataset(training, places),
      validation: dataset(part(64, places, seed, "validation"), places),
      test: dataset([], places))
  }

  private func part(_ count: Int, _ places: [Double], _ seed: UInt64, _ name: String) -> [Double] {
    var random = RandomSource(seed: seed, stream: name)
    let size = shape.count
    return (0..<count * size).map { index in
      let feature = index % size, kind = index / size % 4
      return (place(places, kind, feature) + noise * random.normal() + offset) * scale(feature)
    }
  }

  /// Where the examples of a kind lie before noise.
  private func place(_ places: [Double], _ kind: Int, _ feature: Int) -> Double {
    switch form {
    case .points, .halves, .functions: places[kind * shape.count + feature]
    case .images: places[kind * shape.count + feature] / 2
    case .sequences: places[kind * shape.count + feature % 4] / 2
    case .openings: feature < 4 ? places[kind * shape.count + feature] * 2 : 0
    }
  }

  private func dataset(_ inputs: [Double], _ places: [Double]) -> Dataset {
    let size = shape.count, count = inputs.count / size
    let targets: Targets =
      switch form {
      case .points, .images, .sequences, .openings:
        .classes((0..<count).map { $0 % 4 }, names: [])
      case .halves: .values((0..<count).map { $0 % 4 < 2 ? 1 : 0 }, perExample: 1)
      case .functions:
        .values(
          (0..<count * 2).map { index in
            let example = index / 2 * size, output = index % 2 * size
            let sum = (0..<size).reduce(0) {
              $0 + inputs[example + $1] * places[output + $1] / 4
            }
            return sum / (1 + abs(sum))
          }, perExample: 2)
      }
    return Dataset(inputShape: shape, inputs: inputs, targets: targets)
  }
}
