import Backpropagation

/// Subtracts the mean of the batch: examples mix forward and backward.
struct MeanSubtraction: Layer {
  /// Whether it says that it does so.
  var mixesExamples = false

  func outputShape(of inputs: [Shape]) throws(ShapeError) -> Shape { try inputs.single }

  func forward<S>(_ pass: ForwardPass<S>) { subtractMean(pass.input, into: pass.output) }

  func backward<S>(_ pass: BackwardPass<S>) {
    if let delta = pass.inputDelta { subtractMean(pass.outputDelta, into: delta) }
  }

  private func subtractMean<S>(_ values: TensorView<S>, into result: TensorView<S>) {
    let examples = values.shape[0], features = values.count / examples
    for feature in 0..<features {
      var sum = S(0)
      for example in 0..<examples { sum += values[example * features + feature] }
      for example in 0..<examples {
        let place = example * features + feature
        result[place] = values[place] - sum / S(Double(examples))
      }
    }
  }
}

/// Passes everything on; backward, each example gets the δ of the one before it as well.
struct LeakingBackward: Layer {
  func outputShape(of inputs: [Shape]) throws(ShapeError) -> Shape { try inputs.single }

  func forward<S>(_ pass: ForwardPass<S>) { pass.output.assign(pass.input) }

  func backward<S>(_ pass: BackwardPass<S>) {
    guard let delta = pass.inputDelta else { return }
    delta.assign(pass.outputDelta)
    let features = delta.count / delta.shape[0]
    for place in features..<delta.count {
      delta[place] = delta[place] + pass.outputDelta[place - features]
    }
  }
}

/// Passes everything on forward and nothing back, as a detached output does.
struct Detach: Layer {
  func outputShape(of inputs: [Shape]) throws(ShapeError) -> Shape { try inputs.single }
  func forward<S>(_ pass: ForwardPass<S>) { pass.output.assign(pass.input) }
  func backward<S>(_ pass: BackwardPass<S>) { pass.inputDelta?.fill(0) }
}

/// One number, from zero, by which everything is multiplied, as ReZero's branches are.
struct Gate: Layer {
  func outputShape(of inputs: [Shape]) throws(ShapeError) -> Shape { try inputs.single }

  func parameters(for inputs: [Shape]) -> [ParameterSpecification] {
    [ParameterSpecification("weight", shape: [1], initializer: .zeros)]
  }

  func forward<S>(_ pass: ForwardPass<S>) {
    for index in 0..<pass.input.count {
      pass.output[index] = pass.parameters[0][0] * pass.input[index]
    }
  }

  func backward<S>(_ pass: BackwardPass<S>) {
    var gradient = S(0)
    for index in 0..<pass.input.count {
      gradient += pass.outputDelta[index] * pass.input[index]
      pass.inputDelta?[index] = pass.outputDelta[index] * pass.parameters[0][0]
    }
    pass.parameterGradients[0][0] = gradient
  }
}
