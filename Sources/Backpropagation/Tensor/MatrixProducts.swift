import CGradientKernels

/// Matrix products: what computes them, and on how many threads.
public enum MatrixProducts {
  /// What computes them: `OpenBLAS 0.3.21 SkylakeX`, or `plain loops` where no OpenBLAS was found.
  public static var backend: String { String(cString: gk_product_backend()) }

  /// Sets how many threads a product may use; set it once, before any training.
  public static func use(threads: Int) { gk_set_threads(Int32(clamping: threads)) }

  /// C ← A·Bᵀ, with A rows × inner and B columns × inner.
  package static func multiply(
    _ a: UnsafePointer<Double>, byTransposeOf b: UnsafePointer<Double>, rows: Int, columns: Int,
    inner: Int, into c: UnsafeMutablePointer<Double>
  ) {
    let shape = ProductShape(
      transposesA: false, transposesB: true, rows: rows, columns: columns, inner: inner)
    Double.kernels.product(shape, 1, a, b, 0, c)
  }
}
