import Backpropagation
import GzipIO

/// Which trained weights a model file says that its network starts from.
public struct WeightSettings: Sendable, Equatable {
  /// The safetensors file.
  public var file: String
  /// What the network calls the layers, or single parameters, that the file calls otherwise: file's name to network's.
  public var map: [String: String]
  /// Whether parameters without a tensor, and tensors without a parameter, are passed over.
  public var isPartial: Bool

  /// Describes a file of weights.
  public init(file: String, map: [String: String] = [:], isPartial: Bool = false) {
    self.file = file
    self.map = map
    self.isPartial = isPartial
  }

  /// Describes another file that is to be read as `settings` say.
  public init(file: String, like settings: WeightSettings?) {
    self.init(
      file: file, map: settings?.map ?? [:], isPartial: settings?.isPartial ?? false)
  }

  /// Reads the section `weights`: a map, or just the file.
  init(_ file: Section, folder: ModelFolder) throws(InputError) {
    let name: String
    if case .map = file["weights"]?.content, let node = file["weights"] {
      let section = try Section(
        node, path: "weights", file: file.file, keys: ["file", "map", "partial"])
      _ = try section.required("file", "the name of a safetensors file")
      name = try section.text("file") ?? ""
      isPartial = try section.read("partial") { arguments throws(ArgumentError) in
        try arguments.boolean("partial", default: false)
      }
      map = try section.map()
    } else {
      name = try file.text("weights") ?? ""
      (map, isPartial) = ([:], false)
    }
    do { self.file = try folder.path(of: name) } catch {
      throw file.error("weights", "weights.file \(error.message)")
    }
  }
}

extension Section {
  /// Names and the names that they stand for.
  fileprivate func map() throws(InputError) -> [String: String] {
    guard let node = self["map"] else { return [:] }
    guard case .map(let entries) = node.content else {
      throw error("map", "\(title("map")) is \(node.written), expected names of layers by name")
    }
    var map: [String: String] = [:]
    for entry in entries {
      guard let name = entry.value.text else {
        throw InputError(
          file: file, line: entry.line,
          "\(title("map")).\(entry.key.shortened) is \(entry.value.written), expected the name of a layer"
        )
      }
      map[entry.key] = name
    }
    return map
  }
}
