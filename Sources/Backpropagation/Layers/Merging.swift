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

/// Its inputs side by side on the feature axis; each input's δ is its part of δ.
///
/// The feature axis is the first of channels × height × width, the last of positions × features.
public struct Concatenate: Layer {
  /// Creates a concatenation.
  public init() {}

  public func outputShape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    guard let first = inputs.first, inputs.count >= 2 else {
      throw ShapeError("takes two or more inputs, got \(inputs.count)")
    }
    let axis = featureAxis(of: first)
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
    let axis = featureAxis(of: Shape(Array(whole.shape.sizes.dropFirst()))) + 1
    let outer = whole.shape.sizes[..<axis].reduce(1, *)
    let stride = whole.count / max(outer, 1)
    var offset = 0
    for (input, part) in parts.enumerated() {
      let length = part.count / max(outer, 1)
      for row in 0..<outer { copy(row * stride + offset, row * length, input, length) }
      offset += length
    }
  }

  private func featureAxis(of shape: Shape) -> Int { shape.rank == 3 ? 0 : max(0, shape.rank - 1) }

  static let catalogEntry = CatalogEntry<any Layer>(
    "concatenate", "Its inputs (`from:`) side by side on the feature axis."
  ) { _ throws(ArgumentError) in Concatenate() }
}
