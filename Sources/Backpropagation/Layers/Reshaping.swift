// Layers that give the same numbers another shape.

/// All axes in one: C × H × W becomes C·H·W features, in row-major order.
public struct Flatten: Layer {
  /// Creates a flattening.
  public init() {}

  public var keepsPositions: Bool { false }

  public func outputShape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    [try inputs.single.count]
  }

  public func forward<S>(_ pass: ForwardPass<S>) { pass.copyInput() }
  public func backward<S>(_ pass: BackwardPass<S>) { pass.copyDelta() }

  static let catalogEntry = CatalogEntry<any Layer>(
    "flatten", "All axes in one: C × H × W becomes C·H·W features."
  ) { _ throws(ArgumentError) in Flatten() }
}

/// The same numbers, in row-major order, as another shape of one example.
public struct Reshape: Layer {
  /// The sizes of the axes; one may be −1, which is what remains for it.
  public var sizes: [Int]

  /// Creates a reshaping.
  public init(_ sizes: [Int]) { self.sizes = sizes }

  public var keepsPositions: Bool { false }

  public func outputShape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    let input = try inputs.single
    let given = sizes.filter { $0 != -1 }
    let written = sizes.map(String.init).joined(separator: " × ")
    guard !sizes.isEmpty, sizes.count - given.count <= 1, given.allSatisfy({ $0 > 0 }) else {
      throw ShapeError("takes sizes from 1, of which one may be -1, got \(written)")
    }
    // Divided one by one, sizes however large overflow nothing.
    let rest = given.reduce(input.count) { $0.isMultiple(of: $1) ? $0 / $1 : 0 }
    guard given.count < sizes.count ? rest > 0 : rest == 1 else {
      throw ShapeError("takes as many numbers as \(written) has, got \(input)")
    }
    return Shape(sizes.map { $0 == -1 ? rest : $0 })
  }

  public func forward<S>(_ pass: ForwardPass<S>) { pass.copyInput() }
  public func backward<S>(_ pass: BackwardPass<S>) { pass.copyDelta() }

  static let catalogEntry = CatalogEntry<any Layer>(
    "reshape", "The same numbers, in row-major order, as another shape of one example.",
    arguments: [
      ArgumentDescription("sizes", "a list of sizes, of which one may be -1: what remains")
    ], shorthand: "sizes"
  ) { arguments throws(ArgumentError) in
    Reshape(
      try arguments.integers(
        "sizes", in: -1...maximumSize, counts: 1...mostAxes,
        expected: "a list of 1 to \(mostAxes) whole numbers from 1, or -1 for what remains"))
  }
}

/// The most axes that an example may have where they are named one by one.
let mostAxes = 8

extension ForwardPass {
  fileprivate func copyInput() { output.pointer.update(from: input.pointer, count: input.count) }
}

extension BackwardPass {
  fileprivate func copyDelta() {
    inputDelta?.pointer.update(from: outputDelta.pointer, count: outputDelta.count)
  }
}
