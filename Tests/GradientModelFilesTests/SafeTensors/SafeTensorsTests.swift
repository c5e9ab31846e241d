import Foundation
import GzipIO
import Testing

@testable import GradientModelFiles

/// Reads and writes safetensors files, and refuses damaged ones.
struct SafeTensorsTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func whatIsWrittenIsReadAgain() throws {
    let types = NumberType.allCases.filter { ![.float8e4m3, .float8e5m2].contains($0) }
    var tensors: [String: NumberArray] = [:]
    for type in types {
      let numbers = type == .bool ? [1, 0, 1, 1, 0, 1] : [0, 1, 2, 3, 64, 127.0]
      tensors["layer/\(type) \"ü\"\n"] = NumberArray(shape: [2, 3], numbers: numbers, type: type)
    }
    tensors["scalar"] = NumberArray(shape: [], numbers: [.pi])
    tensors["empty"] = NumberArray(shape: [0, 7], numbers: [], type: .float32)
    tensors["large"] = NumberArray(
      shape: [70_000], numbers: (0..<70_000).map(Double.init), type: .int32)
    let file = SafeTensors(
      tensors, metadata: ["model": "a: \"b\"\t\u{1}\\\nc", "mode": "training"])
    try file.write(to: folder.file("a.safetensors"))
    #expect(try SafeTensors(contentsOf: folder.file("a.safetensors")) == file)
    let bytes = try Data(contentsOf: URL(filePath: folder.file("a.safetensors")))
    #expect(bytes[0] % 8 == 0)
    try file.write(to: folder.file("b.safetensors"))
    #expect(try Data(contentsOf: URL(filePath: folder.file("b.safetensors"))) == bytes)
  }

  static let roundings: [(NumberType, Double, Double)] = [
    (.float32, 0.1, Double(Float(0.1))), (.float16, 0.1, Double(Float16(0.1))),
    (.bfloat16, 0.1, 0.10009765625), (.bfloat16, -1.00390625, -1), (.float16, 1e9, .infinity),
    (.int8, 300, 127), (.int8, -2.6, -3), (.uint8, -5, 0), (.int64, .nan, 0), (.bool, 5, 1),
  ]

  @Test(arguments: roundings)
  func writingRounds(type: NumberType, number: Double, expected: Double) throws {
    let path = folder.file("a.safetensors")
    try SafeTensors(["x": NumberArray(shape: [1], numbers: [number], type: type)]).write(to: path)
    #expect(try SafeTensors(contentsOf: path).tensors["x"]?.numbers == [expected])
  }

  @Test func floatsOfEightBitsAreRead() throws {
    let path = try folder.file(
      "a.safetensors",
      safeTensors(
        #"{"a":{"dtype":"F8_E4M3","shape":[5],"data_offsets":[0,5]},"#
          + #""b":{"dtype":"F8_E5M2","shape":[3],"data_offsets":[5,8]}}"#,
        [0x38, 0xb9, 0x7e, 0x01, 0x00, 0x3c, 0xbd, 0x7c]))
    let file = try SafeTensors(contentsOf: path)
    #expect(file.tensors["a"]?.numbers == [1, -1.125, 448, 0x1p-9, 0])
    #expect(file.tensors["b"]?.numbers == [1, -1.25, .infinity])
  }

  /// A header's length of 0x8b1f looks like gzip.
  @Test func aHeaderIsNotTakenForGzip() throws {
    let entry = #"{"x":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#
    let padding = String(repeating: " ", count: 0x8b1f - entry.utf8.count)
    let path = try folder.file("a.safetensors", safeTensors(entry + padding, [5]))
    #expect(try SafeTensors(contentsOf: path).tensors["x"]?.numbers == [5])
  }

  static let damaged: [([UInt8], String)] = [
    ([], "a: is no safetensors file: 0 bytes, expected 8 and a header"),
    (
      [0, 0, 0, 0, 0, 0, 0, 128, 123],
      "a: is no safetensors file: a header of 9223372036854775808 bytes, expected at most 100000000"
    ),
    ([100, 0, 0, 0, 0, 0, 0, 0, 123], "a: ends after 1 bytes of its header, expected 100"),
    (safeTensors("[1]"), "a: the header is not a JSON map"),
    (safeTensors("{\"x\":"), "a: the header is not a JSON map"),
    (
      safeTensors(#"{"__metadata__":{"a":1}}"#), "a: __metadata__ in the header is no map of text"
    ),
    (safeTensors(#"{"x":5}"#), "a: tensor \"x\" has no dtype"),
    (
      safeTensors(#"{"x":{"dtype":"F4","shape":[1],"data_offsets":[0,1]}}"#, [1]),
      "a: tensor \"x\" is of type \"F4\", expected one of F64, F32, F16, BF16, F8_E4M3, F8_E5M2, "
        + "I64, I32, I16, I8, U64, U32, U16, U8, BOOL"
    ),
    (
      safeTensors(#"{"x":{"dtype":"U8","shape":[1.5],"data_offsets":[0,1]}}"#, [1]),
      "a: tensor \"x\" has no shape, expected a list of at most 32 whole numbers"
    ),
    (
      safeTensors(#"{"x":{"dtype":"U8","shape":[4294967296,4294967296],"data_offsets":[0,1]}}"#),
      "a: tensor \"x\" has shape [4294967296, 4294967296], which can't be"
    ),
    (
      safeTensors(#"{"x":{"dtype":"F64","shape":[2305843009213693952],"data_offsets":[0,0]}}"#),
      "a: tensor \"x\" has shape [2305843009213693952], which can't be"
    ),
    (
      safeTensors(#"{"x":{"dtype":"U8","shape":[-1],"data_offsets":[0,1]}}"#),
      "a: tensor \"x\" has shape [-1], which can't be"
    ),
    (
      safeTensors(#"{"x":{"dtype":"U8","shape":[1],"data_offsets":[1,0]}}"#),
      "a: tensor \"x\" has no data_offsets, expected where it begins and ends"
    ),
    (
      safeTensors(#"{"x":{"dtype":"U8","shape":[1],"data_offsets":[0,18446744073709551615]}}"#),
      "a: tensor \"x\" has no data_offsets, expected where it begins and ends"
    ),
    (
      safeTensors(#"{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, [1, 2, 3, 4]),
      "a: tensor \"x\" has 4 bytes, expected 8 for F32 and shape [2]"
    ),
    (
      safeTensors(
        #"{"x":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"#
          + #""y":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}"#, [1, 2, 3]),
      "a: tensor \"y\" begins at byte 1, expected 2, where tensor \"x\" ends"
    ),
    (
      safeTensors(#"{"x":{"dtype":"U8","shape":[2],"data_offsets":[3,5]}}"#, [1, 2, 3, 4, 5]),
      "a: tensor \"x\" begins at byte 3, expected 0, where the header ends"
    ),
    (
      safeTensors(#"{"x":{"dtype":"U8","shape":[5],"data_offsets":[0,5]}}"#, [1, 2]),
      "a(x): ends after 2 numbers, expected 5 as its header says ([5])"
    ),
    (
      safeTensors(
        #"{"x":{"dtype":"U8","shape":[99999999999],"data_offsets":[0,99999999999]}}"#, [1, 2]),
      "a: tensor \"x\" holds 99999999999 numbers, more than the 268435456 that are read into memory"
    ),
    (
      safeTensors(#"{"x":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#, [1, 2]),
      "a: goes on behind the 1 bytes of its tensors"
    ),
  ]

  @Test(arguments: damaged)
  func damagedFiles(bytes: [UInt8], expected: String) throws {
    let path = try folder.file("a", bytes)
    #expect(message(in: folder) { _ = try SafeTensors(contentsOf: path) } == expected)
  }
}
