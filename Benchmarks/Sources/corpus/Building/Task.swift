import GradientHealth

/// What is to be learned: small made-up data, drawn anew for each seed.
struct Task: Sendable {
  /// What an example looks like.
  enum Form: Sendable {
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
    /// One and the same point, whatever the class.
    case repeated
  }

  var form = Form.points
  /// The examples trained on.
  var examples = 256
  /// The standard deviation of what is added to each number.
  var noise = 1.0
  /// What a feature is multiplied by, and what is added to it then.
  var scale: @Sendable (_ feature: Int) -> Double = { _ in 1 }
  var offset = 0.0
  /// The share of the inputs that are zero instead.
  var sparsity = 0.0
  /// The share of the examples whose class says nothing of them.
  var strayLabels = 0.0
  /// What the functions' values are multiplied by.
  var answerScale = 1.0
  /// The place of a number that is not one, among the training inputs.
  var missing: Int?

  /// Whether the inputs say anything of the targets.
  var canBeLearned: Bool {
    if case .repeated = form { false } else { strayLabels < 1 }
  }

  /// The outputs that a network for it has.
  var outputs: Int {
    switch form {
    case .points, .images, .sequences, .openings, .repeated: 4
    case .functions: 2
    case .halves: 1
    }
  }

  /// The shape of an example.
  var shape: Shape {
    switch form {
    case .points, .halves, .functions, .repeated: [8]
    case .images: [1, 8, 8]
    case .sequences(let length), .openings(let length): [length, 4]
    }
  }

  /// The loss that fits the targets.
  var loss: any Loss {
    switch form {
    case .points, .images, .sequences, .openings, .repeated: .softmaxCrossEntropy
    case .functions: .meanSquaredError
    case .halves: .binaryCrossEntropy
    }
  }

  /// The training and validation parts for a seed.
  func data(seed: UInt64, heads: Int = 1) -> DataSplit {
    var random = RandomSource(seed: seed, stream: "places")
    let places = (0..<4 * shape.count).map { _ in 2 * random.normal() }
    var training = part(examples, places, seed, "training")
    if let missing { training[missing] = .nan }
    return DataSplit(
      training: dataset(training, places, seed, heads),
      validation: dataset(part(64, places, seed, "validation"), places, seed, heads),
      test: dataset([], places, seed, heads))
  }

  private func part(_ count: Int, _ places: [Double], _ seed: UInt64, _ name: String) -> [Double] {
    var random = RandomSource(seed: seed, stream: name)
    var thinning = RandomSource(seed: seed, stream: "\(name)/zeros")
    let size = shape.count
    return (0..<count * size).map { index in
      let feature = index % size, kind = index / size % 4
      let value = place(places, kind, feature) + noise * random.normal() + offset
      if sparsity > 0, thinning.uniform() < sparsity { return 0 }
      return value * scale(feature)
    }
  }

  /// Where the examples of a kind lie before noise.
  private func place(_ places: [Double], _ kind: Int, _ feature: Int) -> Double {
    switch form {
    case .points, .halves, .functions: places[kind * shape.count + feature]
    case .images: places[kind * shape.count + feature] / 2
    case .sequences: places[kind * shape.count + feature % 4] / 2
    case .openings: feature < 4 ? places[kind * shape.count + feature] * 2 : 0
    case .repeated: places[feature]
    }
  }

  private func dataset(
    _ inputs: [Double], _ places: [Double], _ seed: UInt64, _ heads: Int
  ) -> Dataset {
    let size = shape.count, count = inputs.count / size
    let targets: Targets =
      switch form {
      case .points, .images, .sequences, .openings, .repeated:
        .classes(classes(count, seed), names: [])
      case .halves: .values((0..<count).map { $0 % 4 < 2 ? 1 : 0 }, perExample: 1)
      case .functions:
        .values(
          (0..<count * 2).map { index in
            let example = index / 2 * size, output = index % 2 * size
            let sum = (0..<size).reduce(0) {
              $0 + inputs[example + $1] * places[output + $1] / 4
            }
            return answerScale * sum / (1 + abs(sum))
          }, perExample: 2)
      }
    return Dataset(
      features: [Dataset.Features(shape: shape, values: inputs)],
      targetSets: Array(repeating: targets, count: heads))
  }

  /// The classes of so many examples, which come in turn, but for the stray ones.
  private func classes(_ count: Int, _ seed: UInt64) -> [Int] {
    var random = RandomSource(seed: seed, stream: "labels/\(count)")
    return (0..<count).map {
      strayLabels > 0 && random.uniform() < strayLabels ? random.below(4) : $0 % 4
    }
  }
}
