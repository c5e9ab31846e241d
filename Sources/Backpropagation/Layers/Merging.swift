// Layers in which several branches meet.

/// The sum of its inputs, element by element: z = Σ_i z_i; each δ_i = δ.
public struct Add: Layer {
  /// Creates a sum.
  public init() {}

  public func outputShape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    guard let first = inputs.first, inputs.count >= 2 else {
      throw ShapeError("takes two or more inputs, got \(inputs.count)")
    }
    guard inputs.allSatisfy({ $0 == first }) else {
      throw ShapeError(
        "takes inputs of one shape, got \(inputs.map(\.description).joined(separator: " and "))")
    }
    return first
  }

  public func forward<S>(_ pass: ForwardPass<S>) {
    pass.output.assign(pass.input)
    for input in pass.inputs.dropFirst() { pass.output.add(input) }
  }

  public func backward<S>(_ pass: BackwardPass<S>) {
    for inputDelta in pass.inputDeltas { inputDelta?.assign(pass.outputDelta) }
  }

  static let catalogEntry = CatalogEntry<any Layer>(
    "add", "The sum of its inputs (`from:`), element by element."
  ) { _ throws(ArgumentError) in Add() }
}

/// The product of its inputs, element by element: z = Π_i z_i; each δ_i = δ · Π_{j≠i} z_j.
public struct Multiply: Layer {
  /// Creates a product.
  public init() {}

  public func outputShape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    try Add().outputShape(of: inputs)
  }

  public func forward<S>(_ pass: ForwardPass<S>) {
    pass.output.assign(S.kernels.multiply, of: pass.inputs[0], pass.inputs[1])
    for input in pass.inputs.dropFirst(2) {
      pass.output.assign(S.kernels.multiply, of: pass.output, input)
    }
  }

  public func backward<S>(_ pass: BackwardPass<S>) {
    for (place, inputDelta) in pass.inputDeltas.enumerated() {
      guard let inputDelta else { continue }
      inputDelta.assign(pass.outputDelta)
      for (other, input) in pass.inputs.enumerated() where other != place {
        inputDelta.assign(S.kernels.multiply, of: inputDelta, input)
      }
    }
  }

  static let catalogEntry = CatalogEntry<any Layer>(
    "multiply", "The product of its inputs (`from:`), element by element."
  ) { _ throws(ArgumentError) in Multiply() }
}

/// Its inputs side by side on one axis; each input's δ is its part of δ.
public struct Concatenate: Layer {
  /// The axis of one example, from 1; nil for the feature axis: the first of channels × height × width, else the last.
  public var axis: Int?

  /// Creates a concatenation.
  public init(axis: Int? = nil) { self.axis = axis }

  public var keepsPositions: Bool { axis != 1 }

  public func outputShape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    guard let first = inputs.first, inputs.count >= 2 else {
      throw ShapeError("takes two or more inputs, got \(inputs.count)")
    }
    guard (1...max(first.rank, 1)).contains(axis ?? 1) else {
      throw ShapeError("takes an axis from 1 to \(first.rank) of \(first), got \(axis ?? 1)")
    }
    let axis = place(rank: first.rank)
    func others(_ shape: Shape) -> [Int] {
      shape.sizes.enumerated().filter { $0.offset != axis }.map(\.element)
    }
    guard inputs.allSatisfy({ $0.rank == first.rank && others($0) == others(first) }) else {
      throw ShapeError(
        "takes inputs that differ on axis \(axis + 1) alone, got "
          + inputs.map(\.description).joined(separator: " and "))
    }
    var sizes = first.sizes
    sizes[axis] = inputs.reduce(0) { $0 + $1[axis] }
    return Shape(sizes)
  }

  public func forward<S>(_ pass: ForwardPass<S>) {
    forEachPart(of: pass.output, parts: pass.inputs) { whole, part, input, count in
      (pass.output.pointer + whole).update(
        from: pass.inputs[input].pointer + part, count: count)
    }
  }

  public func backward<S>(_ pass: BackwardPass<S>) {
    forEachPart(of: pass.output, parts: pass.inputs) { whole, part, input, count in
      guard let inputDelta = pass.inputDeltas[input] else { return }
      (inputDelta.pointer + part).update(from: pass.outputDelta.pointer + whole, count: count)
    }
  }

  /// Calls `copy` for each stretch of memory that the whole and a part have in common.
  private func forEachPart<S>(
    of whole: TensorView<S>, parts: [TensorView<S>],
    copy: (_ whole: Int, _ part: Int, _ input: Int, _ count: Int) -> Void
  ) {
    // The examples stand in front of the axes of one example.
    let axis = place(rank: whole.shape.rank - 1) + 1
    let outer = whole.shape.sizes[..<axis].reduce(1, *)
    let stride = whole.count / max(outer, 1)
    var offset = 0
    for (input, part) in parts.enumerated() {
      let length = part.count / max(outer, 1)
      for row in 0..<outer { copy(row * stride + offset, row * length, input, length) }
      offset += length
    }
  }

  private func place(rank: Int) -> Int { axis.map { $0 - 1 } ?? featureAxis(rank: rank) }

  static let catalogEntry = CatalogEntry<any Layer>(
    "concatenate", "Its inputs (`from:`) side by side on one axis.",
    arguments: [
      ArgumentDescription(
        "axis", "the axis of one example, from 1",
        default: "the feature axis: the first of C × H × W, else the last")
    ]
  ) { arguments throws(ArgumentError) in
    Concatenate(axis: try arguments.optionalInteger("axis", in: 1...mostAxes))
  }
}
