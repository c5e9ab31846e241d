import CGradientKernels

/// The kernels of activations z = h(a), forward and backward.
///
/// Backward takes what was kept (the input or the output, as the layer's formula has it) and δz, and writes δa.
struct ActivationKernels<Scalar>: Sendable {
  typealias Source = UnsafePointer<Scalar>
  typealias Target = UnsafeMutablePointer<Scalar>

  /// An elementwise map.
  struct Pair: Sendable {
    let forward: Kernels<Scalar>.Map
    let backward: Kernels<Scalar>.Binary
  }

  /// An elementwise map with a parameter.
  struct ParameterizedPair: Sendable {
    let forward: @Sendable (Int, Scalar, Source, Target) -> Void
    let backward: @Sendable (Int, Scalar, Source, Source, Target) -> Void
  }

  /// A map of rows.
  struct RowPair: Sendable {
    let forward: @Sendable (Int, Int, Source, Target) -> Void
    let backward: @Sendable (Int, Int, Source, Source, Target) -> Void
  }

  let relu: Pair
  let sigmoid: Pair
  let tanh: Pair
  let hardSigmoid: Pair
  let hardTanh: Pair
  let selu: Pair
  let gelu: Pair
  let geluTanh: Pair
  let silu: Pair
  let mish: Pair
  let softplus: Pair
  let leakyReLU: ParameterizedPair
  let elu: ParameterizedPair
  let celu: ParameterizedPair
  let softmax: RowPair
  let logSoftmax: RowPair
  /// Outer × channels × inner elements, each channel with its slope.
  let prelu: @Sendable (Int, Int, Int, Source, Source, Target) -> Void
  let preluBackward: @Sendable (Int, Int, Int, Source, Source, Source, Target) -> Void
  let preluGradient: @Sendable (Int, Int, Int, Source, Source, Target) -> Void
}

extension ActivationKernels<Float> {
  static let float = ActivationKernels(
    relu: .init(forward: gk_relu_f32, backward: gk_relu_backward_f32),
    sigmoid: .init(forward: gk_sigmoid_f32, backward: gk_sigmoid_backward_f32),
    tanh: .init(forward: gk_tanh_f32, backward: gk_tanh_backward_f32),
    hardSigmoid: .init(forward: gk_hard_sigmoid_f32, backward: gk_hard_sigmoid_backward_f32),
    hardTanh: .init(forward: gk_hard_tanh_f32, backward: gk_hard_tanh_backward_f32),
    selu: .init(forward: gk_selu_f32, backward: gk_selu_backward_f32),
    gelu: .init(forward: gk_gelu_f32, backward: gk_gelu_backward_f32),
    geluTanh: .init(forward: gk_gelu_tanh_f32, backward: gk_gelu_tanh_backward_f32),
    silu: .init(forward: gk_silu_f32, backward: gk_silu_backward_f32),
    mish: .init(forward: gk_mish_f32, backward: gk_mish_backward_f32),
    softplus: .init(forward: gk_softplus_f32, backward: gk_softplus_backward_f32),
    leakyReLU: .init(forward: gk_leaky_relu_f32, backward: gk_leaky_relu_backward_f32),
    elu: .init(forward: gk_elu_f32, backward: gk_elu_backward_f32),
    celu: .init(forward: gk_celu_f32, backward: gk_celu_backward_f32),
    softmax: .init(forward: gk_softmax_f32, backward: gk_softmax_backward_f32),
    logSoftmax: .init(forward: gk_log_softmax_f32, backward: gk_log_softmax_backward_f32),
    prelu: gk_prelu_f32,
    preluBackward: gk_prelu_backward_f32,
    preluGradient: gk_prelu_gradient_f32)
}

extension ActivationKernels<Double> {
  static let double = ActivationKernels(
    relu: .init(forward: gk_relu_f64, backward: gk_relu_backward_f64),
    sigmoid: .init(forward: gk_sigmoid_f64, backward: gk_sigmoid_backward_f64),
    tanh: .init(forward: gk_tanh_f64, backward: gk_tanh_backward_f64),
    hardSigmoid: .init(forward: gk_hard_sigmoid_f64, backward: gk_hard_sigmoid_backward_f64),
    hardTanh: .init(forward: gk_hard_tanh_f64, backward: gk_hard_tanh_backward_f64),
    selu: .init(forward: gk_selu_f64, backward: gk_selu_backward_f64),
    gelu: .init(forward: gk_gelu_f64, backward: gk_gelu_backward_f64),
    geluTanh: .init(forward: gk_gelu_tanh_f64, backward: gk_gelu_tanh_backward_f64),
    silu: .init(forward: gk_silu_f64, backward: gk_silu_backward_f64),
    mish: .init(forward: gk_mish_f64, backward: gk_mish_backward_f64),
    softplus: .init(forward: gk_softplus_f64, backward: gk_softplus_backward_f64),
    leakyReLU: .init(forward: gk_leaky_relu_f64, backward: gk_leaky_relu_backward_f64),
    elu: .init(forward: gk_elu_f64, backward: gk_elu_backward_f64),
    celu: .init(forward: gk_celu_f64, backward: gk_celu_backward_f64),
    softmax: .init(forward: gk_softmax_f64, backward: gk_softmax_backward_f64),
    logSoftmax: .init(forward: gk_log_softmax_f64, backward: gk_log_softmax_backward_f64),
    prelu: gk_prelu_f64,
    preluBackward: gk_prelu_backward_f64,
    preluGradient: gk_prelu_gradient_f64)
}
