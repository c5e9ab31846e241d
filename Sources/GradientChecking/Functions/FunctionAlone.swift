import Backpropagation

/// A function of one's own as the checker sees it: a value that depends on tensors in memory, with the gradient it claims.
struct FunctionAlone {
  let variables: [Variable]
  let function: ScalarFunction
  private let failure: Failure

  /// The first error that the function threw, after which its values are not numbers.
  private final class Failure {
    var error: (any Error)?

    func orNaN(_ body: () throws -> Double) -> Double {
      guard error == nil else { return .nan }
      do { return try body() } catch {
        self.error = error
        return .nan
      }
    }
  }

  init(
    _ function: some DifferentiableFunction, _ trial: FunctionTrial, cost: Int,
    method: CheckMethod, seed: UInt64
  ) {
    let failure = Failure()
    let point = trial.point
    let buffers = point.parts.map { part in
      let buffer = Buffer<Double>(Shape(part.shape))
      _ = buffer.elements.update(from: part.values)
      return buffer
    }
    let output = Buffer<Double>([1])
    func evaluate() -> Double {
      failure.orNaN { try function.value(at: point.moved(to: buffers)) }
    }
    let noise = Self.noise(at: buffers, seed: seed, evaluate)
    let term = ScalarFunction.Term(
      output: output.view, cotangent: [1], scale: { [noise / 0x1p-53] })
    let scalar = ScalarFunction([term], cost: cost) { output.elements[0] = evaluate() }
    let tangents = (function as? any GenericDifferentiableFunction).flatMap {
      method.asksDuals ? Self.tangents(of: $0, at: point, failure) : nil
    }
    variables = point.parts.indices.map { place in
      let part = point.parts[place]
      let layer = part.name.split(separator: "/").dropLast().joined(separator: "/")
      var variable = Variable(
        part.name, of: layer.isEmpty ? part.name : layer, shape: part.shape, function: scalar,
        elements: buffers[place].elements, gradient: trial.gradient[place], equation: .weight,
        owner: buffers[place])
      variable.tangents = tangents?[place]
      return variable
    }
    self.function = scalar
    self.failure = failure
  }

  /// Throws what the function threw.
  func rethrow() throws { if let error = failure.error { throw error } }

  /// The error of one value, by values along a short line; the buffers come back as they were.
  private static func noise(
    at buffers: [Buffer<Double>], seed: UInt64, _ evaluate: () -> Double
  ) -> Double {
    var source = RandomSource(seed: seed, stream: "noise")
    let starts = buffers.map { Array($0.elements) }
    let directions = zip(buffers, starts).map { buffer, start in
      let rms = buffer.elements.rms
      return zip(start, Sampling.direction(count: start.count, from: &source)).map {
        $1 * max(abs($0), rms > 0 ? rms : 1)
      }
    }
    let bounds = RoundingNoise.steps.map { length in
      let values = (0..<RoundingNoise.points).map { step in
        for (buffer, (start, direction)) in zip(buffers, zip(starts, directions)) {
          for entry in start.indices {
            buffer.elements[entry] = start[entry] + length * Double(step) * direction[entry]
          }
        }
        return evaluate()
      }
      // Where the function isn't defined beside the point, the differences will say so.
      let bound = RoundingNoise.bound(from: values)
      return bound.isFinite ? bound : abs(values[0]) * 0x1p-53
    }
    for (buffer, start) in zip(buffers, starts) { _ = buffer.elements.update(from: start) }
    return bounds.max() ?? 0
  }

  private static func tangents(
    of function: some GenericDifferentiableFunction, at point: NamedArrays<Double>,
    _ failure: Failure
  ) -> [Variable.Tangents] {
    let buffers = point.parts.map { part in
      let buffer = Buffer<Dual>(Shape(part.shape))
      for (index, value) in part.values.enumerated() { buffer.elements[index] = Dual(value) }
      return buffer
    }
    let output = Buffer<Dual>([1])
    let tangents = TangentFunction([.init(output: output.view, cotangent: [1])]) {
      var value = Dual(.nan)
      _ = failure.orNaN {
        let parts = zip(point.parts, buffers).map {
          NamedArrays<Dual>.Part($0.name, shape: $0.shape, Array($1.elements))
        }
        value = try function.value(at: NamedArrays(parts))
        return 0
      }
      output.elements[0] = value
    }
    return buffers.map { Variable.Tangents(function: tangents, elements: $0.elements) }
  }
}

extension NamedArrays<Double> {
  /// These arrays with the numbers of the buffers; an array that is as it was stays the same memory.
  fileprivate func moved(to buffers: [Buffer<Double>]) -> NamedArrays {
    var result = self
    for (place, buffer) in buffers.enumerated()
    where !zip(parts[place].values, buffer.elements).allSatisfy({ $0 == $1 }) {
      result.parts[place].values = Array(buffer.elements)
    }
    return result
  }
}
