/// How long a layer takes at a step, forward and backward.
///
/// A trace keeps it as two timings, `layer/NAME/forward` and `layer/NAME/backward`.
public struct LayerTiming: Sendable, Equatable {
  /// The layer's name.
  public let layer: String
  /// The mean seconds of a step's forward passes; nil where they weren't timed.
  public var forward: Double?
  /// The mean seconds of a step's backward passes; nil where there are none, or they weren't timed.
  public var backward: Double?

  /// Says how long a layer takes.
  public init(layer: String, forward: Double?, backward: Double?) {
    self.layer = layer
    self.forward = forward
    self.backward = backward
  }

  /// The timings that it is kept as.
  public var timings: [Timing] {
    [(forward, Pass.forward), (backward, .backward)].compactMap { seconds, pass in
      seconds.map { Timing(name: "layer/\(layer)/\(pass.rawValue)", seconds: $0) }
    }
  }

  fileprivate enum Pass: String { case forward, backward }
}

extension [Timing] {
  /// The timings that are of no layer.
  public var ofParts: [Timing] { filter { $0.layerAndPass == nil } }

  /// The timings of layers, in the order of `names`.
  public func ofLayers(_ names: [String]) -> [LayerTiming] {
    var found: [String: LayerTiming] = [:]
    for timing in self {
      guard let (layer, pass) = timing.layerAndPass else { continue }
      var entry = found[layer] ?? LayerTiming(layer: layer, forward: nil, backward: nil)
      switch pass {
      case .forward: entry.forward = timing.seconds
      case .backward: entry.backward = timing.seconds
      }
      found[layer] = entry
    }
    return names.compactMap { found[$0] }
  }
}

extension Timing {
  /// The layer that the timing is of; its name may hold slashes.
  fileprivate var layerAndPass: (layer: String, pass: LayerTiming.Pass)? {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count > 2, parts[0] == "layer",
      let pass = LayerTiming.Pass(rawValue: String(parts[parts.count - 1]))
    else { return nil }
    return (parts.dropFirst().dropLast().joined(separator: "/"), pass)
  }
}
