public import CGradientKernels

extension gk_dual {
  public static let kernelTable = KernelTable(functions)

  private static let functions = Kernels<gk_dual>(
    activations: .dual,
    sigmoid: gk_sigmoid_dual,
    tanh: gk_tanh_dual,
    exp: gk_exp_dual,
    log: gk_log_dual,
    squareRoot: gk_sqrt_dual,
    add: gk_add_dual,
    subtract: gk_subtract_dual,
    multiply: gk_multiply_dual,
    divide: gk_divide_dual,
    scale: gk_scale_dual,
    convert: gk_convert_dual,
    addToRows: gk_add_to_rows_dual,
    sumRows: unneeded(),
    softmaxCrossEntropy: gk_softmax_cross_entropy_dual,
    softmaxCrossEntropyBackward: unneeded(),
    losses: .dual,
    statistics: .dual,
    optimizers: .dual,
    product: { shape, alpha, a, b, beta, c in
      gk_product_dual(
        shape.transposesA ? 1 : 0, shape.transposesB ? 1 : 0, shape.rows, shape.columns,
        shape.inner, alpha, a, b, beta, c)
    },
    normalization: .dual,
    sequence: .dual,
    recurrent: .dual,
    convolution: .dual)
}

/// In place of a kernel of training: dual numbers run forward passes alone.
private func unneeded<each Argument, Result>() -> @Sendable (repeat each Argument) -> Result {
  { (_: repeat each Argument) in preconditionFailure("dual numbers run forward alone") }
}

extension StatisticKernels<gk_dual> {
  fileprivate static let dual = StatisticKernels(
    summarize: unneeded(), summarizeUnits: unneeded(), summarizeSaturating: unneeded(),
    histogram: unneeded(), sumMagnitudes: unneeded())
}

extension ActivationKernels<gk_dual> {
  fileprivate static let dual = ActivationKernels(
    relu: .init(forward: gk_relu_dual, backward: unneeded()),
    sigmoid: .init(forward: gk_sigmoid_dual, backward: unneeded()),
    tanh: .init(forward: gk_tanh_dual, backward: unneeded()),
    hardSigmoid: .init(forward: gk_hard_sigmoid_dual, backward: unneeded()),
    hardTanh: .init(forward: gk_hard_tanh_dual, backward: unneeded()),
    selu: .init(forward: gk_selu_dual, backward: unneeded()),
    gelu: .init(forward: gk_gelu_dual, backward: unneeded()),
    geluTanh: .init(forward: gk_gelu_tanh_dual, backward: unneeded()),
    silu: .init(forward: gk_silu_dual, backward: unneeded()),
    mish: .init(forward: gk_mish_dual, backward: unneeded()),
    softplus: .init(forward: gk_softplus_dual, backward: unneeded()),
    leakyReLU: .init(forward: gk_leaky_relu_dual, backward: unneeded()),
    elu: .init(forward: gk_elu_dual, backward: unneeded()),
    celu: .init(forward: gk_celu_dual, backward: unneeded()),
    softmax: .init(forward: gk_softmax_dual, backward: unneeded()),
    logSoftmax: .init(forward: gk_log_softmax_dual, backward: unneeded()),
    prelu: gk_prelu_dual,
    preluBackward: unneeded(),
    preluGradient: unneeded())
}

extension LossKernels<gk_dual> {
  fileprivate static let dual = LossKernels(
    squaredError: .init(forward: gk_squared_error_dual, backward: unneeded()),
    absoluteError: .init(forward: gk_absolute_error_dual, backward: unneeded()),
    huber: .init(forward: gk_huber_dual, backward: unneeded()),
    binaryCrossEntropy: .init(forward: gk_binary_cross_entropy_dual, backward: unneeded()),
    poisson: .init(forward: gk_poisson_dual, backward: unneeded()),
    hinge: .init(forward: gk_hinge_dual, backward: unneeded()),
    klDivergence: .init(forward: gk_kl_divergence_dual, backward: unneeded()),
    cosineDistance: gk_cosine_distance_dual,
    cosineDistanceBackward: unneeded(),
    smoothedCrossEntropy: gk_smoothed_cross_entropy_dual,
    smoothedCrossEntropyBackward: unneeded(),
    negativeLogLikelihood: gk_negative_log_likelihood_dual,
    negativeLogLikelihoodBackward: unneeded())
}

extension OptimizerKernels<gk_dual> {
  fileprivate static let dual = OptimizerKernels(
    momentum: unneeded(), adam: unneeded(), rmsprop: unneeded(), adagrad: unneeded(),
    adadelta: unneeded(), lion: unneeded(), regularize: unneeded())
}

extension NormalizationKernels<gk_dual> {
  fileprivate static let dual = NormalizationKernels(
    group: gk_group_norm_dual, groupBackward: unneeded(),
    batch: gk_batch_norm_dual, batchBackward: unneeded(),
    moveStatistics: gk_move_statistics_dual)
}

extension SequenceKernels<gk_dual> {
  fileprivate static let dual = SequenceKernels(
    gatherRows: gk_gather_rows_dual, scatterRows: unneeded(),
    sinusoids: gk_sinusoids_dual, attention: gk_attention_dual,
    attentionBackward: unneeded(), dropout: gk_dropout_dual)
}

extension RecurrentKernels<gk_dual> {
  fileprivate static let dual = RecurrentKernels(
    forward: { run in
      var run = gk_recurrence_dual(run)
      gk_recurrent_forward_dual(&run)
    },
    backward: unneeded(),
    copySteps: gk_copy_steps_dual,
    copyLastStep: gk_copy_last_step_dual,
    copyToLastStep: gk_copy_to_last_step_dual,
    addSquaresByStep: unneeded())
}

extension gk_recurrence_dual {
  fileprivate init(_ run: Recurrence<gk_dual>) {
    self.init()
    cell = run.cell.number
    (examples, steps, inputs, units) = (run.examples, run.steps, run.inputs, run.units)
    lengths = run.lengths
    input = UnsafePointer(run.input)
    weight_input = UnsafePointer(run.parameters.weightInput)
    weight_hidden = UnsafePointer(run.parameters.weightHidden)
    weight_hidden_transposed = run.weightHiddenTransposed
    bias_input = UnsafePointer(run.parameters.biasInput)
    bias_hidden = UnsafePointer(run.parameters.biasHidden)
    (gates, state, previous, output) = (run.gates, run.state, run.previous, run.output)
  }
}

extension ConvolutionKernels<gk_dual> {
  fileprivate static let dual = ConvolutionKernels(
    convolve: gk_convolve_dual, convolveTransposed: gk_convolve_transposed_dual,
    convolveBackwardWeight: unneeded(), sumPlanes: gk_sum_planes_dual,
    maxPool: gk_max_pool_dual, maxPoolBackward: unneeded(),
    averagePool: gk_average_pool_dual, averagePoolBackward: unneeded(),
    permute: gk_permute_dual, permuteBack: unneeded())
}
