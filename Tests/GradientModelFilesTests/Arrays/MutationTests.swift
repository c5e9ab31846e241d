import Backpropagation
import Foundation
import GzipIO
import Testing

@testable import GradientModelFiles

/// Reads thousands of damaged files: each is read or refused with an error, and nothing else happens.
struct MutationTests {
  static let files = [
    "arrays/stored.npz", "arrays/deflated.npz", "arrays/fortran.npy", "images.idx",
    "weights.safetensors",
  ]

  /// The bytes of a whole file of the kind.
  func bytes(_ name: String) throws -> [UInt8] {
    switch name {
    case "images.idx": return idx(0x0b, [2, 3, 4], [UInt8](repeating: 7, count: 48))
    case "weights.safetensors":
      return safeTensors(
        #"{"__metadata__":{"a":"b"},"x":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]},"#
          + #""y":{"dtype":"I8","shape":[3],"data_offsets":[16,19]}}"#,
        [UInt8](repeating: 1, count: 19))
    default: return Array(try Data(contentsOf: URL(filePath: fixture(name))))
    }
  }

  func read(_ path: String, as name: String) throws {
    let limit = 1 << 20
    switch name.split(separator: ".").last {
    case "npz": _ = try NumberArray.npz(path, limit: limit)
    case "npy": _ = try NumberArray(npy: path, limit: limit)
    case "idx": _ = try NumberArray(idx: path, limit: limit)
    default: _ = try SafeTensors(contentsOf: path, limit: limit)
    }
  }

  @Test(arguments: files) func damagedFilesAreReadOrRefused(name: String) throws {
    let folder = try TemporaryFolder()
    let whole = try bytes(name)
    try read(try folder.file("whole", whole), as: name)
    var source = RandomSource(seed: 1, stream: name)
    var refused = 0
    for _ in 0..<1000 {
      var damaged = whole
      for _ in 0...source.below(4) {
        let place = source.below(damaged.count)
        switch source.below(5) {
        case 0: damaged[place] = [0, 1, 127, 128, 255][source.below(5)]
        case 1: damaged[place] ^= 1 << UInt8(source.below(8))
        case 2: damaged.removeLast(source.below(max(1, damaged.count / 2)))
        case 3: damaged.insert(UInt8(source.below(256)), at: place)
        default:
          for index in place..<min(place + 8, damaged.count) { damaged[index] = 255 }
        }
      }
      let path = try folder.file("damaged", damaged)
      do { try read(path, as: name) } catch let error as InputError {
        #expect(!error.message.isEmpty)
        refused += 1
      }
    }
    #expect(refused > 300)
  }
}
