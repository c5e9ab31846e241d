import Backpropagation
import GzipIO

/// Finds for each parameter of a network the tensor of a file that it takes its values from.
///
/// A tensor may be called as the parameter is (`hidden/weight`), or as PyTorch calls it (`hidden.weight`,
/// `lstm.weight_ih_l0`), also behind a prefix that all others lack (`module.hidden.weight`).
struct WeightMatching {
  /// A tensor, or one of several equal parts of it along its first axis.
  struct Match: Equatable {
    var tensor: String
    var part = 0, parts = 1
  }

  private let tensors: [String: NumberArray]
  private let map: [String: String]

  init(_ tensors: [String: NumberArray], map: [String: String]) {
    self.tensors = tensors
    self.map = map
  }

  /// The tensor for the parameter called `name` of the layer called `layer`; nil if there is none.
  ///
  /// - Throws: An ``ArgumentError`` if several fit.
  func match(_ name: String, of layer: String) throws(ArgumentError) -> Match? {
    let parameter = "\(layer)/\(name)"
    let renamed = map.filter { $0.value == parameter }.keys.filter { tensors[$0] != nil }
    if let tensor = try only(renamed.map { Match(tensor: $0) }, for: parameter) { return tensor }
    let mapped = map.filter { $0.value == layer }.keys.sorted()
    let layers = mapped.isEmpty ? Set([layer, layer.replacing("/", with: ".")]) : Set(mapped)
    let names = layers.sorted().flatMap { layer in
      [Match(tensor: "\(layer)/\(name)")]
        + ([Match(tensor: name)] + pyTorchNames(of: name)).map {
          Match(tensor: "\(layer).\($0.tensor)", part: $0.part, parts: $0.parts)
        }
    }
    var found: [Match] = []
    for match in names where tensors[match.tensor] != nil && !found.contains(match) {
      found.append(match)
    }
    if let match = try only(found, for: parameter) { return match }
    let ending = names.flatMap { match in
      tensors.keys.filter { $0.hasSuffix("." + match.tensor) || $0.hasSuffix("/" + match.tensor) }
        .map { Match(tensor: $0, part: match.part, parts: match.parts) }
    }
    return try only(ending, for: parameter)
  }

  private func only(_ matches: [Match], for parameter: String) throws(ArgumentError) -> Match? {
    var distinct: [Match] = []
    for match in matches where !distinct.contains(match) { distinct.append(match) }
    guard distinct.count <= 1 else {
      let names = distinct.map(\.tensor.quoted).sorted().joined(separator: " and ")
      throw ArgumentError(
        key: nil, message: "the tensors \(names) both fit the parameter \(parameter.quoted)")
    }
    return distinct.first
  }

  /// What PyTorch calls the parameter `name`.
  private func pyTorchNames(of name: String) -> [Match] {
    switch name {
    case "running-mean": return [Match(tensor: "running_mean")]
    case "running-variance": return [Match(tensor: "running_var")]
    default: break
    }
    // weight-input-0-reverse is weight_ih_l0_reverse.
    for (ours, theirs) in [("-input-", "_ih_l"), ("-hidden-", "_hh_l")] where name.contains(ours) {
      return [
        Match(tensor: name.replacing(ours, with: theirs).replacing("-reverse", with: "_reverse"))
      ]
    }
    for (part, projection) in ["query", "key", "value"].enumerated()
    where name.hasPrefix(projection + "/") {
      let kind = name.dropFirst(projection.count + 1)
      return [Match(tensor: "in_proj_\(kind)", part: part, parts: 3)]
    }
    return name.hasPrefix("output/") ? [Match(tensor: "out_proj.\(name.dropFirst(7))")] : []
  }
}
