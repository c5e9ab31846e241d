/// One kind of node of a network: what it computes, and how a delta passes back through it.
///
/// A layer is a value that holds settings alone; parameters and buffers are the network's, so that one network can be
/// run in several places at once. Write yours like this, forward above backward:
///
/// ```swift
/// struct Swish: Layer {
///   func outputShape(of inputs: [Shape]) throws(ShapeError) -> Shape { try inputs.single }
///
///   func forward<S>(_ pass: ForwardPass<S>) { pass.output.assign(pass.input * sigmoid(pass.input)) }
///
///   func backward<S>(_ pass: BackwardPass<S>) {
///     let a = pass.input, s = sigmoid(a)
///     pass.inputDelta?.assign(pass.outputDelta * (s + a * s * (1 - s)))
///   }
/// }
/// ```
public protocol Layer: Sendable {
  /// The id by which model files, traces and charts name this kind of layer; by default the type's name in kebab-case.
  var kind: String { get }

  /// The shape of one example's output, given those of its inputs.
  ///
  /// - Throws: A ``ShapeError`` if the layer can't take such inputs.
  func outputShape(of inputs: [Shape]) throws(ShapeError) -> Shape

  /// The parameters that the layer needs for such inputs; by default none.
  func parameters(for inputs: [Shape]) -> [ParameterSpecification]

  /// The buffers that the layer needs besides its inputs and its output; by default none.
  func memory(for inputs: [Shape]) -> [MemorySpecification]

  /// Computes the output from the inputs and the parameters.
  ///
  /// Where a pass is short, mark it and `backward` as `@specialized(where Scalar == Float)`: it is called for any number,
  /// and what doesn't depend on which takes as long as a small product.
  func forward<Scalar>(_ pass: ForwardPass<Scalar>)

  /// Computes dE/d(input) and dE/d(parameter) from dE/d(output).
  ///
  /// Write each of them whole; where several contributions meet, the network adds them up.
  func backward<Scalar>(_ pass: BackwardPass<Scalar>)

  /// For each number of the output which piece of the function `forward` took, where the layer is put together of pieces;
  /// by default empty.
  ///
  /// Where a piece changes, the function may have a kink: a check that meets one says by this where it is. Equal numbers
  /// stand for equal pieces.
  func decisions(of pass: ForwardPass<Double>) -> [Int]

  /// What kind of nonlinearity this is, where it is one: it decides the default initializer of the layer before it and
  /// what is counted per unit.
  var nonlinearity: Nonlinearity? { get }

  /// Whether the output's first axis counts the same positions of a sequence as the inputs'; by default yes, where its
  /// size is the same. The network keeps the positions past a sequence's end at zero.
  var keepsPositions: Bool { get }

  /// How many indices the layer tells apart, where its input holds indices instead of numbers and so has no δ.
  var vocabulary: Int? { get }

  /// The fewest examples that a training batch may have, which is 1 but where statistics are taken of the batch.
  func smallestBatch(for inputs: [Shape]) -> Int

  /// The place in ``memory(for:)`` of the δ by time step, positions × units, where the layer is recurrent.
  var timeDelta: Int? { get }

  /// Whether what it makes of one example depends on the others of a training batch on purpose; by default no.
  var mixesExamples: Bool { get }
}

extension Layer {
  public var kind: String { kebabCase(String(describing: Self.self)) }
  public func parameters(for inputs: [Shape]) -> [ParameterSpecification] { [] }
  public func memory(for inputs: [Shape]) -> [MemorySpecification] { [] }
  public func decisions(of pass: ForwardPass<Double>) -> [Int] { [] }
  public var nonlinearity: Nonlinearity? { nil }
  public var keepsPositions: Bool { true }
  public var vocabulary: Int? { nil }
  public func smallestBatch(for inputs: [Shape]) -> Int { 1 }
  public var timeDelta: Int? { nil }
  public var mixesExamples: Bool { false }
}

/// What an activation does to a unit's signal.
public enum Nonlinearity: Sendable, Equatable {
  /// Exactly zero on one side, so that a unit can be silent: ReLU.
  case rectifier
  /// Of the ReLU family, but never exactly zero: leaky ReLU.
  case leakyRectifier
  /// Flat at both ends: an output outside of the range counts as saturated.
  case saturating(outside: ClosedRange<Double>)
}

/// A parameter that a layer needs.
public struct ParameterSpecification: Sendable {
  /// The name within the layer: `weight`, `bias`.
  public var name: String
  /// The shape, in PyTorch's layout: a dense weight is outputs × inputs.
  public var shape: Shape
  /// How it starts; nil leaves it to the network (he-uniform before the ReLU family, else glorot-uniform).
  public var initializer: (any Initializer)?
  /// The inputs and outputs of one unit, from which initializers take their scale.
  public var fans: Fans
  /// Whether the optimizer changes it; a running statistic is changed by its layer's forward pass instead.
  public var isTrainable: Bool

  /// Creates a specification; without `fans` they follow from the shape.
  public init(
    _ name: String, shape: Shape, initializer: (any Initializer)?, fans: Fans? = nil,
    isTrainable: Bool = true
  ) {
    self.name = name
    self.shape = shape
    self.initializer = initializer
    self.fans = fans ?? Fans(of: shape)
    self.isTrainable = isTrainable
  }
}

/// A buffer that a layer needs besides its inputs and its output.
public struct MemorySpecification: Sendable {
  /// The shape, of one example where there is one for each.
  public var shape: Shape
  /// Whether there is one for each example, so that the examples are its first axis.
  public var isPerExample: Bool
  /// Whether its content may be lost between the forward and the backward pass.
  public var isScratch: Bool

  /// A buffer for each example; kept until the backward pass unless it is `scratch`.
  public static func perExample(_ shape: Shape, scratch: Bool = false) -> MemorySpecification {
    MemorySpecification(shape: shape, isPerExample: true, isScratch: scratch)
  }

  /// One buffer for the whole batch; kept until the backward pass unless it is `scratch`.
  public static func perBatch(_ shape: Shape, scratch: Bool = false) -> MemorySpecification {
    MemorySpecification(shape: shape, isPerExample: false, isScratch: scratch)
  }

  /// The shape of the buffer for a batch of `examples`.
  public func shape(examples: Int) -> Shape { isPerExample ? shape.batch(of: examples) : shape }
}

/// Why a layer can't take its inputs; the network adds the names of the layers.
public struct ShapeError: Error, Equatable, Sendable {
  /// What was expected and what was found.
  public var message: String

  /// Creates an error.
  public init(_ message: String) { self.message = message }
}

extension [Shape] {
  /// The only shape.
  ///
  /// - Throws: A ``ShapeError`` if there are none or several.
  public var single: Shape {
    get throws(ShapeError) {
      guard let first, count == 1 else { throw ShapeError("takes one input, got \(count)") }
      return first
    }
  }
}

/// `LeakyReLU` → `leaky-relu`.
private func kebabCase(_ name: String) -> String {
  let letters = Array(name)
  var result = ""
  for (index, letter) in letters.enumerated() {
    let startsWord =
      letter.isUppercase && index > 0
      && (letters[index - 1].isLowercase
        || (index + 1 < letters.count && letters[index + 1].isLowercase))
    result += (startsWord ? "-" : "") + letter.lowercased()
  }
  return result
}
