import Backpropagation

/// A known mistake, and the gradient that it would make: the exact derivative of something else than what was asked.
///
/// Only dual numbers can tell: they differentiate whatever the forward pass computes, at any point, so that nothing of a
/// backward pass takes part in naming what is wrong with one.
struct Hypothesis {
  let signature: Signature
  /// The gradient that the mistake would make, at some places of the tensor.
  let derivatives: ([Int]) -> [Double]
}

extension Hypothesis {
  /// The mistakes that may have made the gradient by `elements`, one of the inputs or parameters of `pass`, under δ = `cotangent`.
  static func all(
    for elements: UnsafeMutableBufferPointer<Dual>, in pass: LayerPass<Dual>,
    under cotangent: [Double]
  ) -> [Hypothesis] {
    let isInput = pass.inputs.contains { $0.elements.baseAddress == elements.baseAddress }
    let examples = pass.output.view.shape[0]
    var result: [Hypothesis] = []
    if examples > 1 {
      for distance in [1, -1] {
        result.append(.otherExample(elements, pass, cotangent, distance: distance))
      }
      if !isInput {
        for example in [examples - 1, 0] {
          result.append(.oneExample(elements, pass, cotangent, example: example))
        }
      }
    }
    guard isInput, pass.inputs.count == 1, pass.inputs[0].view.shape == pass.output.view.shape
    else { return result }
    result.append(.atOutput(pass, cotangent))
    guard pass.parameters.isEmpty else { return result }
    return result + activations(in: pass, cotangent)
  }

  /// What the layer would pass back at the inputs of the example `distance` places before.
  private static func otherExample(
    _ elements: UnsafeMutableBufferPointer<Dual>, _ pass: LayerPass<Dual>, _ cotangent: [Double],
    distance: Int
  ) -> Hypothesis {
    Hypothesis(signature: .otherExample) { places in
      let inputs = pass.inputs.map { Array($0.elements) }
      defer { for (buffer, values) in zip(pass.inputs, inputs) { buffer.write(values) } }
      for (buffer, values) in zip(pass.inputs, inputs) {
        buffer.write(values.rotatedRows(of: buffer.view.shape[0], by: distance))
      }
      return TangentFunction([.init(output: pass.output.view, cotangent: cotangent)], run: pass.run)
        .derivatives(of: elements, entries: places)
    }
  }

  /// What one example alone contributes.
  private static func oneExample(
    _ elements: UnsafeMutableBufferPointer<Dual>, _ pass: LayerPass<Dual>, _ cotangent: [Double],
    example: Int
  ) -> Hypothesis {
    Hypothesis(signature: .oneExample) { places in
      let size = cotangent.count / pass.output.view.shape[0]
      let own = cotangent.enumerated().map { $0.offset / size == example ? $0.element : 0 }
      return TangentFunction([.init(output: pass.output.view, cotangent: own)], run: pass.run)
        .derivatives(of: elements, entries: places)
    }
  }

  /// What the layer would pass back were its output its input.
  private static func atOutput(_ pass: LayerPass<Dual>, _ cotangent: [Double]) -> Hypothesis {
    Hypothesis(signature: .atOutput) { places in
      let input = pass.inputs[0], values = Array(input.elements)
      defer { input.write(values) }
      pass.run()
      input.write(pass.output.elements.map { Dual(Double($0)) })
      return TangentFunction([.init(output: pass.output.view, cotangent: cotangent)], run: pass.run)
        .derivatives(of: input.elements, entries: places)
    }
  }

  /// What other layers without parameters would pass back at this input.
  private static func activations(
    in pass: LayerPass<Dual>, _ cotangent: [Double]
  ) -> [Hypothesis] {
    let input = pass.inputs[0].view, shape = Shape(Array(input.shape.sizes.dropFirst()))
    return LayerCatalog.all.entries.compactMap { entry in
      guard entry.id != pass.kind, entry.arguments.allSatisfy({ $0.defaultValue != nil }),
        let layer = try? LayerCatalog.all.make(entry.id, [:]), layer.vocabulary == nil,
        (try? layer.outputShape(of: [shape])) == shape, layer.parameters(for: [shape]).isEmpty
      else { return nil }
      return Hypothesis(signature: .otherActivation(entry.id)) { places in
        let other = LayerPass<Dual>(
          layer, inputs: [input], parameters: [TensorView<Dual>](), output: input.shape,
          context: PassContext())
        return TangentFunction(
          [.init(output: other.output.view, cotangent: cotangent)], run: other.run
        ).derivatives(of: other.inputs[0].elements, entries: places)
      }
    }
  }
}

extension Buffer {
  /// Replaces all elements.
  func write(_ values: [Scalar]) { _ = elements.update(from: values) }
}

extension Array {
  /// The same rows, each where the one `distance` places before it was.
  func rotatedRows(of rows: Int, by distance: Int) -> [Element] {
    let size = count / Swift.max(rows, 1)
    return indices.map { self[(($0 - distance * size) % count + count) % count] }
  }
}
