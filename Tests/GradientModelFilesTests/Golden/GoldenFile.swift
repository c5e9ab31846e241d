import Foundation
import Testing

/// Tensors that PyTorch computed, with what they were computed of; written by Benchmarks/peers/golden.py.
struct GoldenFile {
  /// The name of the configuration.
  let name: String
  /// What was computed: the text of a model file, or an optimizer as a model file has it.
  let metadata: [String: String]
  /// The numbers by name, row after row.
  let tensors: [String: [Double]]
  /// The shapes by name.
  let shapes: [String: [Int]]

  /// The names of all files.
  static let names: [String] = {
    let files = try? FileManager.default.contentsOfDirectory(atPath: fixture("golden"))
    return (files ?? []).map { $0.replacing(".safetensors", with: "") }.sorted()
  }()

  init(_ name: String) throws {
    self.name = name
    let data = try Data(contentsOf: URL(filePath: fixture("golden/\(name).safetensors")))
    let length = (0..<8).reduce(0) { $0 | Int(data[$1]) << (8 * $1) }
    let header = try JSONSerialization.jsonObject(with: data[8..<8 + length]) as? [String: Any]
    var tensors: [String: [Double]] = [:], shapes: [String: [Int]] = [:]
    for (key, value) in header ?? [:] where key != "__metadata__" {
      let entry = try #require(value as? [String: Any])
      let offsets = try #require(entry["data_offsets"] as? [Int])
      let bytes = data[8 + length + offsets[0]..<8 + length + offsets[1]]
      tensors[key] = bytes.withUnsafeBytes { bytes in
        (0..<bytes.count / 8).map { bytes.loadUnaligned(fromByteOffset: 8 * $0, as: Double.self) }
      }
      shapes[key] = try #require(entry["shape"] as? [Int])
    }
    metadata = try #require(header?["__metadata__"] as? [String: String])
    self.tensors = tensors
    self.shapes = shapes
  }

  /// The tensors whose names begin with one of `prefixes`.
  func tensors(_ prefixes: String...) -> [String: [Double]] {
    tensors.filter { tensor in prefixes.contains { tensor.key.hasPrefix($0) } }
  }

  /// The numbers of a tensor that must be there.
  func tensor(_ key: String) throws -> [Double] {
    try #require(tensors[key], "\(name) has no \(key)")
  }
}
