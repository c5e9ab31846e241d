public import Backpropagation
public import GzipIO

extension NeuralNetwork {
  /// This network with its parameters starting from the tensors of a safetensors file.
  ///
  /// `settings` names the file and says how its names are matched; at most `limit` bytes of it are read.
  ///
  /// - Throws: An ``InputError`` that names the tensors that are missing, belong to no parameter, or have another shape.
  public func loading(
    _ settings: WeightSettings, limit: Int = FileReader.defaultLimit
  ) throws(InputError) -> NeuralNetwork {
    let tensors = try SafeTensors(contentsOf: settings.file, limit: limit).tensors
    let file = settings.file
    try checkMap(settings)
    let matching = WeightMatching(tensors, map: settings.map)
    var values: [Int: [Double]] = [:]
    var used: Set<String> = []
    var missing: [String] = []
    for node in nodes {
      for index in node.parameters where values[index] == nil {
        let parameter = parameters[index]
        guard parameter.name.hasPrefix(node.name + "/") else { continue }
        let name = String(parameter.name.dropFirst(node.name.count + 1))
        let found: WeightMatching.Match?
        do { found = try matching.match(name, of: node.name) } catch {
          throw InputError(file: file, error.message)
        }
        guard let found, let tensor = tensors[found.tensor] else {
          missing.append("\(parameter.name.quoted) \(NumberArray.title(of: parameter.shape.sizes))")
          continue
        }
        used.insert(found.tensor)
        var shape = parameter.shape.sizes
        if !shape.isEmpty { shape[0] *= found.parts }
        guard tensor.shape == shape else {
          throw InputError(
            file: file,
            "tensor \(found.tensor.quoted) is \(NumberArray.title(of: tensor.shape)), expected "
              + "\(NumberArray.title(of: shape)) for the parameter \(parameter.name.quoted)")
        }
        let size = tensor.numbers.count / found.parts
        values[index] = Array(tensor.numbers[found.part * size..<(found.part + 1) * size])
      }
    }
    guard !settings.isPartial else {
      guard !values.isEmpty else {
        throw InputError(file: file, "holds no tensor for any parameter of the network")
      }
      return starting(from: values)
    }
    guard missing.isEmpty else {
      throw InputError(
        file: file,
        "holds no tensor for \(listed(missing, "parameter")); partial: true allows that")
    }
    let surplus = tensors.keys.filter {
      // PyTorch's count of batches serves no computation.
      !used.contains($0) && !$0.hasSuffix("num_batches_tracked")
    }.sorted().map { "\($0.quoted) \(NumberArray.title(of: tensors[$0]?.shape ?? []))" }
    guard surplus.isEmpty else {
      throw InputError(
        file: file,
        "no parameter takes \(listed(surplus, "tensor")); partial: true allows that")
    }
    return starting(from: values)
  }

  /// Makes sure that what names are mapped to exists.
  private func checkMap(_ settings: WeightSettings) throws(InputError) {
    let names = nodes.map(\.name) + parameters.map(\.name)
    for (_, name) in settings.map.sorted(by: { $0.key < $1.key }) where !names.contains(name) {
      throw InputError(
        file: settings.file,
        "weights.map leads to \(name.quoted), which is no layer or parameter of the network"
          + suggestion(for: name, among: names))
    }
  }
}

/// `the parameters "a/bias" [3] and "a/weight" [3, 4]`, of many only the first.
private func listed(_ names: [String], _ noun: String) -> String {
  let shown = names.prefix(4)
  let rest = names.count > shown.count ? " and \(names.count - shown.count) more" : ""
  let separator = rest.isEmpty && shown.count == 2 ? " and " : ", "
  return "the \(noun)\(names.count == 1 ? "" : "s") \(shown.joined(separator: separator))\(rest)"
}
