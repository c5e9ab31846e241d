import CGradientKernels

extension Float: TensorScalar {
  public var doubleValue: Double { Double(self) }

  public static let kernelTable = KernelTable(functions)

  private static let functions = Kernels<Float>(
    activations: .float,
    sigmoid: gk_sigmoid_f32,
    tanh: gk_tanh_f32,
    exp: gk_exp_f32,
    log: gk_log_f32,
    squareRoot: gk_sqrt_f32,
    add: gk_add_f32,
    subtract: gk_subtract_f32,
    multiply: gk_multiply_f32,
    divide: gk_divide_f32,
    scale: gk_scale_f32,
    convert: gk_convert_f32,
    addToRows: gk_add_to_rows_f32,
    sumRows: gk_sum_rows_f32,
    softmaxCrossEntropy: gk_softmax_cross_entropy_f32,
    softmaxCrossEntropyBackward: gk_softmax_cross_entropy_backward_f32,
    losses: .float,
    statistics: .float,
    optimizers: .float,
    product: { shape, alpha, a, b, beta, c in
      gk_product_f32(
        shape.transposesA ? 1 : 0, shape.transposesB ? 1 : 0, shape.rows, shape.columns,
        shape.inner, alpha, a, b, beta, c)
    },
    normalization: .float,
    sequence: .float,
    recurrent: .float,
    convolution: .float)
}
