// The operations that layers speak in. Each writes into a window that exists already, checks that the shapes fit, and
// traps with what was expected and what it got if they don't: such a mistake is in a layer's code, not in its input.

extension TensorView {
  /// self ← A · B, or self + A · B, as matrices whose columns are the innermost axis.
  public func assignProduct(of a: TensorView, by b: TensorView, adding: Bool = false) {
    assignProduct(a, transposed: false, b, transposed: false, adding: adding)
  }

  /// self ← A · Bᵀ, as matrices whose columns are the innermost axis.
  public func assignProduct(of a: TensorView, byTransposeOf b: TensorView) {
    assignProduct(a, transposed: false, b, transposed: true)
  }

  /// self ← Aᵀ · B, as matrices whose columns are the innermost axis.
  public func assignProduct(ofTranspose a: TensorView, by b: TensorView) {
    assignProduct(a, transposed: true, b, transposed: false)
  }

  private func assignProduct(
    _ a: TensorView, transposed transposesA: Bool, _ b: TensorView, transposed transposesB: Bool,
    adding: Bool = false
  ) {
    let rows = transposesA ? a.columns : a.rows
    let inner = transposesA ? a.rows : a.columns
    let columns = transposesB ? b.rows : b.columns
    precondition(
      inner == (transposesB ? b.columns : b.rows) && self.rows == rows && self.columns == columns,
      "product of \(a.shape) and \(b.shape): does not fit \(shape)")
    Scalar.kernels.product(
      ProductShape(
        transposesA: transposesA, transposesB: transposesB, rows: rows, columns: columns,
        inner: inner),
      1, a.pointer, b.pointer, adding ? 1 : 0, pointer)
  }

  /// Adds `vector` to each row.
  public func addToRows(_ vector: TensorView) {
    precondition(vector.count == columns, "add \(vector.shape) to the rows of \(shape)")
    Scalar.kernels.addToRows(rows, columns, vector.pointer, pointer)
  }

  /// self_c ← Σ_r matrix_rc.
  public func assignSumOfRows(of matrix: TensorView) {
    precondition(count == matrix.columns, "sum the rows of \(matrix.shape) into \(shape)")
    Scalar.kernels.sumRows(matrix.rows, matrix.columns, matrix.pointer, pointer)
  }

  /// Adds `other`, element by element.
  public func add(_ other: TensorView) {
    expectSameCount(other, in: "add")
    Scalar.kernels.add(count, pointer, other.pointer, pointer)
  }

  /// The statistics of the elements, in one pass.
  public var summary: TensorSummary {
    TensorSummary(count: count, Scalar.kernels.statistics.summarize(count, pointer))
  }

  /// self ← map(a).
  func assign(_ map: Kernels<Scalar>.Map, of a: TensorView) {
    expectSameCount(a, in: "map")
    map(count, a.pointer, pointer)
  }

  /// self ← map(a) with a parameter.
  func assign(
    _ map: @Sendable (Int, Scalar, UnsafePointer<Scalar>, UnsafeMutablePointer<Scalar>) -> Void,
    _ parameter: Scalar, of a: TensorView
  ) {
    expectSameCount(a, in: "map")
    map(count, parameter, a.pointer, pointer)
  }

  /// self ← operation(a, b) with a parameter, element by element.
  func assign(
    _ operation:
      @Sendable (
        Int, Scalar, UnsafePointer<Scalar>, UnsafePointer<Scalar>, UnsafeMutablePointer<Scalar>
      ) -> Void,
    _ parameter: Scalar, of a: TensorView, _ b: TensorView
  ) {
    expectSameCount(a, in: "map")
    expectSameCount(b, in: "map")
    operation(count, parameter, a.pointer, b.pointer, pointer)
  }

  /// self ← operation(a, b), element by element.
  func assign(_ operation: Kernels<Scalar>.Binary, of a: TensorView, _ b: TensorView) {
    expectSameCount(a, in: "arithmetic")
    expectSameCount(b, in: "arithmetic")
    operation(count, a.pointer, b.pointer, pointer)
  }

  func expectSameCount(_ other: TensorView, in operation: StaticString) {
    precondition(
      other.count == count, "\(operation): expected \(shape), got \(other.shape)")
  }
}
