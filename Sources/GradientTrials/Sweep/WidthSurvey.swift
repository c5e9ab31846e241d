import Backpropagation
import Foundation

/// The trials of all widths, and the slopes that follow from them.
struct WidthSurvey {
  /// The slope of one layer that is judged, and the layer whose weights make it.
  struct Slope {
    var layer: String
    var source: String
    var slope: Double
  }

  let networks: [NeuralNetwork]
  let sizes: [Double]
  /// For each size the trials of its seeds.
  let trials: [[SweepTrial]]
  /// The nodes that have weights of their own.
  private let layers: [Int]
  /// For each of them those that read it next.
  private let next: [Int: [Int]]
  private let logarithms: [Double]

  init(networks: [NeuralNetwork], sizes: [Double], trials: [[SweepTrial]]) {
    self.networks = networks
    self.sizes = sizes
    self.trials = trials
    logarithms = sizes.map { log10($0) }
    let network = networks[0]
    let layers = network.nodes.indices.filter { index in
      network.nodes[index].parameters.contains { network.parameters[$0].shape.rank > 1 }
    }
    self.layers = layers
    let weighted = Set(layers)
    next = Dictionary(
      uniqueKeysWithValues: layers.map { layer in
        var found: [Int] = [], open = [layer], seen: Set<Int> = []
        while let node = open.popLast() {
          for reader in network.nodes.indices
          where network.nodes[reader].inputs.contains(node) && seen.insert(reader).inserted {
            if weighted.contains(reader) { found.append(reader) } else { open.append(reader) }
          }
        }
        return (layer, found.sorted())
      })
  }

  /// The table's rows, quantity by quantity.
  var lines: [Sweep.Line] {
    Sweep.Quantity.allCases.flatMap { quantity in
      layers.map { layer in
        var line = Sweep.Line(
          quantity, of: networks[0].nodes[layer].name, over: logarithms, figures(quantity, layer))
        line.ownSlope = quantity == .change ? nil : ownSlope(quantity, layer)
        return line
      }.filter { line in line.values.contains { $0 != nil } }
    }
  }

  /// The slopes that a quantity is judged by: what a layer adds itself, and of the change all of it.
  func judged(_ quantity: Sweep.Quantity) -> [Slope] {
    layers.compactMap { layer in
      let name = networks[0].nodes[layer].name
      let source = quantity == .delta ? next[layer]?.first ?? layer : layer
      let slope =
        quantity == .change
        ? Sweep.Line.slope(over: logarithms, figures(quantity, layer)) : ownSlope(quantity, layer)
      return slope.map {
        Slope(layer: name, source: networks[0].nodes[source].name, slope: $0)
      }
    }
  }

  /// The slope that all layers together make: of δ at the first layer, of the output at the last.
  func total(_ quantity: Sweep.Quantity) -> Double? {
    let end = quantity == .delta ? layers.first : layers.last
    return end.flatMap { Sweep.Line.slope(over: logarithms, figures(quantity, $0)) }
  }

  /// The first layer whose figure is no number at some width in most of the trials.
  func firstNonFinite(_ quantity: Sweep.Quantity) -> String? {
    layers.first { layer in
      figures(quantity, layer).contains { values in
        2 * values.count { $0.map { !$0.isFinite } ?? false } > values.count
      }
    }.map { networks[0].nodes[$0].name }
  }

  private func figures(_ quantity: Sweep.Quantity, _ node: Int) -> [[Double?]] {
    trials.map { seeds in seeds.map { $0.nodes[node][quantity] } }
  }

  /// The slope of what a layer makes of what it reads: of its output over its input where that is scaled, of its δ over that
  /// of the layers that read it.
  ///
  /// In front of a normalization an output's scale doesn't matter, and δ is as much larger as the output is smaller.
  private func ownSlope(_ quantity: Sweep.Quantity, _ layer: Int) -> Double? {
    let sources: [Int]
    switch quantity {
    case .activation: sources = networks[0].nodes[layer].inputs.filter(isScaled)
    case .delta: sources = next[layer] ?? []
    case .change: return nil
    }
    guard !sources.isEmpty, quantity == .delta || !networks[0].isNormalized(layer) else {
      return nil
    }
    func size(_ node: Int, in trial: SweepTrial) -> Double? {
      let isScaleFree = quantity == .delta && networks[0].isNormalized(node)
      return trial.nodes[node][quantity].map {
        isScaleFree ? trial.nodes[node].activation * $0 : $0
      }
    }
    let ratios = trials.map { seeds in
      seeds.map { trial -> Double? in
        let read = sources.compactMap { size($0, in: trial) }.max()
        return size(layer, in: trial).flatMap { own in read.map { own / $0 } }
      }
    }
    return Sweep.Line.slope(over: logarithms, ratios)
  }

  private func isScaled(_ node: Int) -> Bool {
    networks[0].nodes[node].shape != networks[networks.count - 1].nodes[node].shape
  }
}
