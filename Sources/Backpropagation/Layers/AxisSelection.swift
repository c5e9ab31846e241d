// Layers that take axes in another order, or a part of one. Axes are counted from 1 and are those of one example.

/// The axes of one example in another order: with places [2, 1], z_ji = a_ij.
///
/// Axis i of the output is the input's axis places[i]; `[2, 1]` turns positions × features into features × positions.
public struct Transpose: Layer {
  /// For each axis of the output its place in the input, from 1.
  public var places: [Int]

  /// Creates a transposition.
  public init(_ places: [Int]) { self.places = places }

  public var keepsPositions: Bool { places.first == 1 }

  public func outputShape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    let input = try inputs.single
    guard places.sorted() == Array(1...max(input.rank, 1)) else {
      throw ShapeError(
        "takes each place from 1 to \(places.count) once, of an input with as many axes, got "
          + "\(places) for \(input)")
    }
    return Shape(places.map { input[$0 - 1] })
  }

  public func forward<S>(_ pass: ForwardPass<S>) {
    strides(of: pass.input, to: pass.output) {
      S.kernels.convolution.permute($0, $1, $2, pass.input.pointer, pass.output.pointer)
    }
  }

  public func backward<S>(_ pass: BackwardPass<S>) {
    guard let inputDelta = pass.inputDelta else { return }
    strides(of: pass.input, to: pass.output) {
      S.kernels.convolution.permuteBack($0, $1, $2, pass.outputDelta.pointer, inputDelta.pointer)
    }
  }

  private func strides<S>(
    of input: TensorView<S>, to output: TensorView<S>,
    _ body: (Int, UnsafePointer<Int>, UnsafePointer<Int>) -> Void
  ) {
    output.withAxes(of: input, source: { $0 == 0 ? 0 : places[$0 - 1] }, body)
  }

  static let catalogEntry = CatalogEntry<any Layer>(
    "transpose", "The axes of one example in another order: with [2, 1], z_ji = a_ij.",
    arguments: [
      ArgumentDescription(
        "places", "a list: for each axis of the output its place in the input, from 1")
    ], shorthand: "places"
  ) { arguments throws(ArgumentError) in
    Transpose(
      try arguments.integers(
        "places", in: 1...mostAxes, counts: 1...mostAxes,
        expected: "a list of places from 1 to \(mostAxes)"))
  }
}

/// A part of its input along one axis; δ of the rest is zero.
public struct Slice: Layer {
  /// The axis, from 1; nil for the feature axis: the first of channels × height × width, else the last.
  public var axis: Int?
  /// The first place that is taken, from 1.
  public var start: Int
  /// The last place that is taken; nil for the axis's last.
  public var end: Int?

  /// Creates a slice of the places from `start` through `end`.
  public init(axis: Int? = nil, start: Int = 1, end: Int? = nil) {
    self.axis = axis
    self.start = start
    self.end = end
  }

  public var keepsPositions: Bool { axis != 1 }

  public func outputShape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    let input = try inputs.single
    guard input.rank > 0, (1...input.rank).contains(axis ?? 1) else {
      throw ShapeError("takes an axis from 1 to \(input.rank) of \(input), got \(axis ?? 1)")
    }
    let place = self.place(rank: input.rank)
    let last = end ?? input[place]
    guard 1 <= start, start <= last, last <= input[place] else {
      throw ShapeError(
        "takes places from 1 to \(input[place]) on axis \(place + 1) of \(input), got \(start) to "
          + "\(last)")
    }
    var sizes = input.sizes
    sizes[place] = last - start + 1
    return Shape(sizes)
  }

  public func forward<S>(_ pass: ForwardPass<S>) {
    pass.output.withAxes(of: pass.input, source: { $0 }) {
      S.kernels.convolution.permute(
        $0, $1, $2, pass.input.pointer + offset(in: pass.input), pass.output.pointer)
    }
  }

  public func backward<S>(_ pass: BackwardPass<S>) {
    guard let inputDelta = pass.inputDelta else { return }
    inputDelta.fill(0)
    pass.output.withAxes(of: pass.input, source: { $0 }) {
      S.kernels.convolution.permuteBack(
        $0, $1, $2, pass.outputDelta.pointer, inputDelta.pointer + offset(in: pass.input))
    }
  }

  private func place(rank: Int) -> Int { axis.map { $0 - 1 } ?? featureAxis(rank: rank) }

  /// How far the first element that is taken lies from the input's first.
  private func offset<S>(in input: TensorView<S>) -> Int {
    let place = place(rank: input.shape.rank - 1)
    return (start - 1) * input.shape.sizes[(place + 2)...].reduce(1, *)
  }

  static let catalogEntry = CatalogEntry<any Layer>(
    "slice", "A part of its input along one axis, from one place through another.",
    arguments: [
      ArgumentDescription(
        "axis", "the axis of one example, from 1", default: "the feature axis"),
      ArgumentDescription("start", "the first place, from 1", default: "1"),
      ArgumentDescription("end", "the last place", default: "the axis's last"),
    ]
  ) { arguments throws(ArgumentError) in
    Slice(
      axis: try arguments.optionalInteger("axis", in: 1...mostAxes),
      start: try arguments.integer("start", in: 1...maximumSize, default: 1),
      end: try arguments.optionalInteger("end", in: 1...maximumSize))
  }
}

/// The axis of features: the first of channels × height × width, the last of positions × features.
func featureAxis(rank: Int) -> Int { rank == 3 ? 0 : max(0, rank - 1) }

extension TensorView {
  /// Calls `body` with the number of this batch's axes, their sizes, and for each of them how far neighbors along it lie
  /// apart in `other`, whose axis it is that `source` names.
  fileprivate func withAxes(
    of other: TensorView, source: (Int) -> Int,
    _ body: (Int, UnsafePointer<Int>, UnsafePointer<Int>) -> Void
  ) {
    let rank = shape.rank
    withUnsafeTemporaryAllocation(of: Int.self, capacity: 2 * rank) { numbers in
      guard let start = numbers.baseAddress else { return }
      for axis in 0..<rank {
        numbers[axis] = shape[axis]
        numbers[rank + axis] = other.shape.sizes[(source(axis) + 1)...].reduce(1, *)
      }
      body(rank, start, start + rank)
    }
  }
}
