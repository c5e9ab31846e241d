import CGradientKernels

extension Double: TensorScalar {
  public var doubleValue: Double { self }

  public static let kernelTable = KernelTable(functions)

  private static let functions = Kernels<Double>(
    activations: .double,
    sigmoid: gk_sigmoid_f64,
    tanh: gk_tanh_f64,
    exp: gk_exp_f64,
    log: gk_log_f64,
    squareRoot: gk_sqrt_f64,
    add: gk_add_f64,
    subtract: gk_subtract_f64,
    multiply: gk_multiply_f64,
    divide: gk_divide_f64,
    scale: gk_scale_f64,
    convert: gk_convert_f64,
    addToRows: gk_add_to_rows_f64,
    sumRows: gk_sum_rows_f64,
    softmaxCrossEntropy: gk_softmax_cross_entropy_f64,
    softmaxCrossEntropyBackward: gk_softmax_cross_entropy_backward_f64,
    losses: .double,
    statistics: .double,
    optimizers: .double,
    product: { shape, alpha, a, b, beta, c in
      gk_product_f64(
        shape.transposesA ? 1 : 0, shape.transposesB ? 1 : 0, shape.rows, shape.columns,
        shape.inner, alpha, a, b, beta, c)
    },
    normalization: .double,
    sequence: .double,
    recurrent: .double,
    convolution: .double)
}
