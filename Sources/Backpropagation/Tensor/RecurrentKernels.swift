import CGradientKernels

/// The passes of recurrent layers for one type of number; gradient_recurrent.h has the shapes.
struct RecurrentKernels<Scalar>: Sendable {
  typealias Source = UnsafePointer<Scalar>
  typealias Target = UnsafeMutablePointer<Scalar>
  typealias Lengths = UnsafePointer<Int32>?

  /// Runs one direction of one layer over all steps.
  let forward: @Sendable (Recurrence<Scalar>) -> Void
  /// Passes the deltas of all steps back through time.
  let backward: @Sendable (Recurrence<Scalar>) -> Void
  let copySteps: @Sendable (Int, Int, Int, Lengths, Int32, Int32, Source, Int, Target, Int) -> Void
  let copyLastStep: @Sendable (Int, Int, Int, Lengths, Source, Target, Int) -> Void
  let copyToLastStep: @Sendable (Int, Int, Int, Lengths, Source, Int, Target, Int) -> Void
  let addSquaresByStep:
    @Sendable (
      Int, Int, Int, Lengths, Source, UnsafeMutablePointer<Double>, UnsafeMutablePointer<Int>
    ) -> Void
}

/// What a recurrent layer computes at each step.
public enum RecurrentCell: Sendable {
  /// One hyperbolic tangent.
  case tanh
  /// One rectifier.
  case relu
  /// Long short-term memory.
  case lstm
  /// The gated recurrent unit.
  case gru

  /// How many vectors of units a step computes from its input and the hidden state.
  var gates: Int {
    switch self {
    case .tanh, .relu: 1
    case .lstm: 4
    case .gru: 3
    }
  }

  /// How many vectors of units a step keeps besides its gates and its output.
  var states: Int {
    switch self {
    case .tanh, .relu: 0
    case .lstm: 2
    case .gru: 1
    }
  }

  fileprivate var number: gk_cell {
    switch self {
    case .tanh: GK_RNN_TANH
    case .relu: GK_RNN_RELU
    case .lstm: GK_LSTM
    case .gru: GK_GRU
    }
  }
}

/// One direction of one recurrent layer, over all steps of a batch.
struct Recurrence<Scalar> {
  typealias Pointer = UnsafeMutablePointer<Scalar>

  /// The parameters of one direction, or their gradients.
  struct Parameters {
    var weightInput, weightHidden, biasInput, biasHidden: Pointer
  }

  /// What the backward pass reads and writes.
  struct Deltas {
    /// dE/dh_t, in rows of `stride`.
    var delta: Pointer
    var stride: Int
    var gateDelta, stateDelta: Pointer
    var inputDelta: Pointer?
    var gradients: Parameters
  }

  var cell: RecurrentCell
  var examples, steps, inputs, units: Int
  var lengths: UnsafePointer<Int32>?
  var input: Pointer
  var parameters: Parameters
  /// Scratch of the forward pass.
  var weightHiddenTransposed: Pointer
  var gates, state, previous, output: Pointer
  var deltas: Deltas?
}

extension RecurrentKernels<Float> {
  static let float = RecurrentKernels(
    forward: { run in
      var run = gk_recurrence_f32(run)
      gk_recurrent_forward_f32(&run)
    },
    backward: { run in
      var run = gk_recurrence_f32(run)
      gk_recurrent_backward_f32(&run)
    },
    copySteps: gk_copy_steps_f32,
    copyLastStep: gk_copy_last_step_f32,
    copyToLastStep: gk_copy_to_last_step_f32,
    addSquaresByStep: gk_add_squares_by_step_f32)
}

extension RecurrentKernels<Double> {
  static let double = RecurrentKernels(
    forward: { run in
      var run = gk_recurrence_f64(run)
      gk_recurrent_forward_f64(&run)
    },
    backward: { run in
      var run = gk_recurrence_f64(run)
      gk_recurrent_backward_f64(&run)
    },
    copySteps: gk_copy_steps_f64,
    copyLastStep: gk_copy_last_step_f64,
    copyToLastStep: gk_copy_to_last_step_f64,
    addSquaresByStep: gk_add_squares_by_step_f64)
}

extension gk_recurrence_f32 {
  fileprivate init(_ run: Recurrence<Float>) {
    self.init(
      cell: run.cell.number, examples: run.examples, steps: run.steps, inputs: run.inputs,
      units: run.units, lengths: run.lengths, input: run.input,
      weight_input: run.parameters.weightInput, weight_hidden: run.parameters.weightHidden,
      bias_input: run.parameters.biasInput, bias_hidden: run.parameters.biasHidden,
      weight_hidden_transposed: run.weightHiddenTransposed,
      gates: run.gates, state: run.state, previous: run.previous, output: run.output,
      delta: run.deltas?.delta, delta_stride: run.deltas?.stride ?? 0,
      gate_delta: run.deltas?.gateDelta, state_delta: run.deltas?.stateDelta,
      input_delta: run.deltas?.inputDelta,
      weight_input_gradient: run.deltas?.gradients.weightInput,
      weight_hidden_gradient: run.deltas?.gradients.weightHidden,
      bias_input_gradient: run.deltas?.gradients.biasInput,
      bias_hidden_gradient: run.deltas?.gradients.biasHidden)
  }
}

extension gk_recurrence_f64 {
  fileprivate init(_ run: Recurrence<Double>) {
    self.init(
      cell: run.cell.number, examples: run.examples, steps: run.steps, inputs: run.inputs,
      units: run.units, lengths: run.lengths, input: run.input,
      weight_input: run.parameters.weightInput, weight_hidden: run.parameters.weightHidden,
      bias_input: run.parameters.biasInput, bias_hidden: run.parameters.biasHidden,
      weight_hidden_transposed: run.weightHiddenTransposed,
      gates: run.gates, state: run.state, previous: run.previous, output: run.output,
      delta: run.deltas?.delta, delta_stride: run.deltas?.stride ?? 0,
      gate_delta: run.deltas?.gateDelta, state_delta: run.deltas?.stateDelta,
      input_delta: run.deltas?.inputDelta,
      weight_input_gradient: run.deltas?.gradients.weightInput,
      weight_hidden_gradient: run.deltas?.gradients.weightHidden,
      bias_input_gradient: run.deltas?.gradients.biasInput,
      bias_hidden_gradient: run.deltas?.gradients.biasHidden)
  }
}
