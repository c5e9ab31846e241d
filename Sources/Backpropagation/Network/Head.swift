import GzipIO

/// A loss of a network and the node whose output it takes.
public struct Head: Sendable {
  /// The index of the node.
  public let output: Int
  /// The loss.
  public let loss: any Loss
  /// What the loss is multiplied by in the sum that is minimized.
  public let weight: Double
  /// The name of the targets in the data, where they have one.
  public let target: String?
  /// How many positions of a sequence the loss is taken over; nil where the output is no sequence.
  public let positions: Int?
  /// The shape of what one term of the loss takes: of one position, or of the whole output.
  public let termShape: Shape
}

/// A loss as it is asked of a network.
public struct NetworkLoss: Sendable {
  /// The loss.
  public var loss: any Loss
  /// The name of the layer whose output it takes; nil for the only one that feeds nothing.
  public var output: String?
  /// What it is multiplied by.
  public var weight: Double
  /// The name of its targets in the data, where they have one.
  public var target: String?

  /// Asks for a loss.
  public init(
    _ loss: any Loss, output: String? = nil, weight: Double = 1, target: String? = nil
  ) {
    self.loss = loss
    self.output = output
    self.weight = weight
    self.target = target
  }
}

extension Head {
  /// Gives each loss its node; every end of the network must have one.
  static func heads(
    _ losses: [NetworkLoss], of nodes: [NeuralNetwork.Node], inputCount: Int
  ) throws(NetworkError) -> [Head] {
    guard nodes.count > inputCount else {
      throw NetworkError(message: "a network needs at least one layer")
    }
    guard !losses.isEmpty else { throw NetworkError(message: "a network needs a loss") }
    let fed = Set(nodes.flatMap(\.inputs))
    let ends = nodes.indices.dropFirst(inputCount).filter { !fed.contains($0) }
    var heads: [Head] = []
    for (place, loss) in losses.enumerated() {
      let output: Int
      do {
        output = try Self.output(of: loss, in: nodes, ends: ends, alone: losses.count == 1)
      } catch {
        throw NetworkError(loss: loss.output == nil ? nil : place, message: error.message)
      }
      guard !heads.contains(where: { $0.output == output }) else {
        throw NetworkError(
          loss: place, layer: nodes[output].name, message: "two losses take its output")
      }
      let node = nodes[output]
      let positions = node.hasPositions ? node.shape[0] : nil
      let termShape = positions == nil ? node.shape : Shape(Array(node.shape.sizes.dropFirst()))
      do { try loss.loss.check(output: termShape, targets: nil) } catch {
        throw NetworkError(loss: place, layer: node.name, message: error.message)
      }
      heads.append(
        Head(
          output: output, loss: loss.loss, weight: loss.weight, target: loss.target,
          positions: positions, termShape: termShape))
    }
    for end in ends where !heads.contains(where: { $0.output == end }) {
      throw NetworkError(
        layer: nodes[end].name, message: "feeds nothing, and no loss takes its output")
    }
    return heads
  }

  private static func output(
    of loss: NetworkLoss, in nodes: [NeuralNetwork.Node], ends: [Int], alone: Bool
  ) throws(ShapeError) -> Int {
    if let name = loss.output {
      guard let node = nodes.firstIndex(where: { $0.name == name }) else {
        throw ShapeError(
          "a loss takes the output of \(name.quoted), which is no layer"
            + suggestion(for: name, among: nodes.map(\.name)))
      }
      return node
    }
    guard alone else {
      throw ShapeError("of several losses each says whose output it takes")
    }
    guard let end = ends.first, ends.count == 1 else {
      let names = ends.map { "\"\(nodes[$0].name)\"" }.joined(separator: " and ")
      throw ShapeError("\(names) feed nothing; the loss takes the output of one layer")
    }
    return end
  }

  /// Whether such targets fit.
  func check(_ targets: Targets, lengths: [Int]?) throws(ShapeError) {
    try loss.check(output: termShape, targets: terms(of: targets, lengths: lengths))
  }

  /// The targets with one entry a term of the loss: a valid position where the output is a sequence, else an example.
  package func terms(of targets: Targets, lengths: [Int]?) throws(ShapeError) -> Targets {
    guard let positions else {
      if case .classes(_, _, let perExample) = targets, perExample != 1 {
        throw ShapeError(
          "the data have \(perExample) classes an example, but the output has no positions")
      }
      return targets
    }
    guard targets.perExample.isMultiple(of: positions) else {
      throw ShapeError(
        "the data have \(targets.perExample) targets an example, but the output has \(positions) "
          + "positions")
    }
    return targets.splitting(into: positions, lengths: lengths)
  }

  /// The mean loss of the best constant prediction.
  package func constantLoss(of data: Dataset, _ place: Int) -> Double {
    do {
      return loss.constantLoss(
        of: try terms(of: data.targetSets[place], lengths: data.lengths), outputs: termShape.count)
    } catch { return .nan }
  }

  /// How many terms of the loss an example has: its valid positions, or itself where the output is no sequence.
  func validTerms(of example: Int, lengths: UnsafePointer<Int32>?) -> Int {
    guard let positions else { return 1 }
    return lengths.map { min(Int($0[example]), positions) } ?? positions
  }

  /// What Σ_n E_n is divided by to give the mean over a batch: the number of examples, or where classes have weights, the
  /// sum of those of the examples' classes.
  package func divisor<S>(
    of targets: BatchTargets<S>, examples: Int, lengths: UnsafePointer<Int32>?
  ) -> Double {
    guard let weights = loss.classWeights else { return Double(examples) }
    let positions = positions ?? 1
    var sum = 0.0
    for example in 0..<examples {
      let valid = validTerms(of: example, lengths: lengths)
      let classes = targets.classes + example * positions
      let weight = (0..<valid).reduce(0) { $0 + weights[Int(classes[$1])] }
      sum += weight / Double(max(valid, 1))
    }
    // Where every class at hand counts for nothing, their mean is 0 and not 0/0.
    return sum > 0 ? sum : 1
  }
}
