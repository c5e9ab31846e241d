import Backpropagation

/// The function of ``ScalarFunction`` over dual numbers: f = Σ_k ⟨v_k, y_k⟩ with its exact derivatives along a few
/// directions at once.
///
/// The derivative along a direction is Σ_k ⟨v_k, ẏ_k⟩, where ẏ comes out of the same forward pass as y. No step is taken,
/// and nothing of a backward pass is used.
final class TangentFunction {
  /// An output and what it is weighted by.
  struct Term {
    let output: TensorView<Dual>
    let cotangent: [Double]
  }

  private let terms: [Term]
  /// Brings the constants into place, before what is varied is written over them.
  let prepare: () -> Void
  private let run: () -> Void
  /// How often the function has been evaluated.
  private(set) var evaluations = 0

  init(_ terms: [Term], prepare: @escaping () -> Void = {}, run: @escaping () -> Void) {
    self.terms = terms
    self.prepare = prepare
    self.run = run
  }

  /// The derivatives of f by single entries of a tensor.
  func derivatives(of elements: UnsafeMutableBufferPointer<Dual>, entries: [Int]) -> [Double] {
    blocks(of: entries).flatMap { block in
      prepare()
      for (direction, entry) in block.enumerated() { elements[entry][direction: direction] = 1 }
      defer { for entry in block { elements[entry] = Dual(Double(elements[entry])) } }
      return evaluate().prefix(block.count)
    }
  }

  /// The derivatives of f along directions in which every entry of a tensor may move.
  func derivatives(
    of elements: UnsafeMutableBufferPointer<Dual>, along directions: [[Double]]
  ) -> [Double] {
    blocks(of: directions).flatMap { block in
      prepare()
      for (place, direction) in block.enumerated() {
        for (entry, part) in direction.enumerated() { elements[entry][direction: place] = part }
      }
      defer { for entry in elements.indices { elements[entry] = Dual(Double(elements[entry])) } }
      return evaluate().prefix(block.count)
    }
  }

  /// The values of the outputs.
  func values() -> [[Double]] {
    prepare()
    _ = evaluate()
    return terms.map { $0.output.elements.map { Double($0) } }
  }

  /// The derivatives along all directions.
  private func evaluate() -> [Double] {
    run()
    evaluations += 1
    return terms.reduce(into: [Double](repeating: 0, count: Dual.directions)) { sums, term in
      for (place, part) in term.output.weighedTangents(by: term.cotangent).enumerated() {
        sums[place] += part
      }
    }
  }

  /// How many outputs there are.
  var outputs: Int { terms.reduce(0) { $0 + $1.output.count } }

  /// Runs, and calls `body` with each output's place, its weight, and its derivative along each direction.
  func evaluate(_ body: (Int, Double, UnsafePointer<Double>) -> Void) {
    run()
    evaluations += 1
    var place = 0
    for term in terms {
      for (index, weight) in term.cotangent.enumerated() {
        body(place, weight, term.output.tangents(of: index))
        place += 1
      }
    }
  }

  private func blocks<Element>(of list: [Element]) -> [ArraySlice<Element>] {
    stride(from: 0, to: list.count, by: Dual.directions).map {
      list[$0..<min($0 + Dual.directions, list.count)]
    }
  }
}
