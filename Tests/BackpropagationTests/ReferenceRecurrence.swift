import Foundation

@testable import Backpropagation

/// The formulas as PyTorch's documentation gives them, one sequence and one number at a time.
struct ReferenceRecurrence {
  let layer: any RecurrentLayer

  init(_ layer: any RecurrentLayer) { self.layer = layer }

  func run(
    _ sequence: [[Double]], _ parameters: [[Double]]
  ) -> (sequence: [[Double]], last: [Double]) {
    var rows = sequence
    var last: [Double] = []
    for number in 0..<layer.layers {
      var results: [[[Double]]] = []
      last = []
      for direction in 0..<layer.directions {
        let first = 4 * (number * layer.directions + direction)
        let weights = Array(parameters[first..<first + 4])
        let read = direction == 0 ? rows : rows.reversed()
        let states = states(read, weights)
        last += states.last ?? [Double](repeating: 0, count: layer.units)
        results.append(direction == 0 ? states : states.reversed())
      }
      rows = rows.indices.map { row in results.flatMap { $0[row] } }
    }
    return (rows, last)
  }

  private func states(_ rows: [[Double]], _ weights: [[Double]]) -> [[Double]] {
    let units = layer.units
    func sigmoid(_ a: Double) -> Double { 1 / (1 + Foundation.exp(-a)) }
    func product(_ matrix: [Double], _ bias: [Double], _ vector: [Double]) -> [Double] {
      bias.indices.map { row in
        vector.indices.reduce(bias[row]) { $0 + matrix[row * vector.count + $1] * vector[$1] }
      }
    }
    var h = [Double](repeating: 0, count: units), c = h
    return rows.map { row in
      let x = product(weights[0], weights[2], row), y = product(weights[1], weights[3], h)
      for u in 0..<units {
        func sum(_ gate: Int) -> Double { x[gate * units + u] + y[gate * units + u] }
        switch layer.cell {
        case .tanh: h[u] = Foundation.tanh(sum(0))
        case .relu: h[u] = max(0, sum(0))
        case .lstm:
          c[u] = sigmoid(sum(1)) * c[u] + sigmoid(sum(0)) * Foundation.tanh(sum(2))
          h[u] = sigmoid(sum(3)) * Foundation.tanh(c[u])
        case .gru:
          let r = sigmoid(sum(0)), z = sigmoid(sum(1))
          let n = Foundation.tanh(x[2 * units + u] + r * y[2 * units + u])
          h[u] = (1 - z) * n + z * h[u]
        }
      }
      return h
    }
  }
}
