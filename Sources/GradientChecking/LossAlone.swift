import Backpropagation

/// A loss by itself: E = Σ_n E_n(output) / divisor, and the topmost delta that its backward pass claims.
struct LossAlone {
  let variables: [Variable]
  let function: ScalarFunction

  /// Places `loss` at an output with one row for each of its terms.
  init(
    _ loss: any Loss, name: String = "loss", output: TensorView<Double>, targets: CheckTargets,
    divisor: Double, method: CheckMethod
  ) {
    let output = Buffer<Double>(copying: output)
    let examples = output.view.shape[0]
    let errors = Buffer<Double>([examples])
    let weights = [Double](repeating: 1 / divisor, count: examples)
    let term = ScalarFunction.Term(
      output: errors.view, cotangent: weights,
      scale: { [elements = output.elements] in largestMagnitudes(elements, rows: examples) })
    let decisions = DecisionSource(loss, output.view, targets.batch)
    function = ScalarFunction([term], decisions: decisions) {
      withExtendedLifetime((output, errors)) {
        loss.forward(output.view, targets.batch, errors: errors.view)
      }
    }
    let delta = Buffer<Double>(output.view.shape, filledWith: .nan)
    loss.backward(output.view, targets.batch, divisor: divisor, delta: delta.view)
    var variable = Variable(
      "\(name)/input", of: name, shape: output.view.shape.sizes, function: function,
      elements: output.elements, gradient: Array(delta.elements), equation: .outputDelta)
    variable.outputs = output.count / max(examples, 1)
    variable.floatGradient = OnDemand {
      let output = Buffer<Float>(copying: output.view), delta = Buffer<Float>(output.view.shape)
      withExtendedLifetime((output, targets)) {
        loss.backward(output.view, targets.floats, divisor: Float(divisor), delta: delta.view)
      }
      return delta.elements.map { Double($0) }
    }
    if method.asksDuals {
      let output = Buffer<Dual>(copying: output.view), errors = Buffer<Dual>([examples])
      let function = TangentFunction([.init(output: errors.view, cotangent: weights)]) {
        withExtendedLifetime((output, errors)) {
          loss.forward(output.view, targets.duals, errors: errors.view)
        }
      }
      variable.tangents = Variable.Tangents(function: function, elements: output.elements)
      variable.hypotheses = {
        [1, -1].map { distance in
          Hypothesis(signature: .otherExample) { places in
            let values = Array(output.elements)
            defer { output.write(values) }
            output.write(values.rotatedRows(of: examples, by: distance))
            return function.derivatives(of: output.elements, entries: places)
          }
        }
      }
    }
    variables = [variable]
  }
}

/// The largest magnitude of each row: an error of 0 may be the difference of two logits of that size.
func largestMagnitudes(_ elements: UnsafeMutableBufferPointer<Double>, rows: Int) -> [Double] {
  let columns = elements.count / max(rows, 1)
  return (0..<rows).map { row in
    elements[row * columns..<(row + 1) * columns].reduce(0) { max($0, abs($1)) }
  }
}
