import Foundation
import GradientModelFiles
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
    let file = try SafeTensors(contentsOf: fixture("golden/\(name).safetensors"))
    metadata = file.metadata
    tensors = file.tensors.mapValues(\.numbers)
    shapes = file.tensors.mapValues(\.shape)
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
