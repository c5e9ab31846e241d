import Foundation
public import GzipIO

/// Named tensors as a safetensors file holds them: trained weights, mostly.
public struct SafeTensors: Sendable, Equatable {
  /// The tensors by name.
  public var tensors: [String: NumberArray]
  /// What else the file says, as text.
  public var metadata: [String: String]

  /// The names of the types in the format.
  static let types: [(String, NumberType)] = [
    ("F64", .float64), ("F32", .float32), ("F16", .float16), ("BF16", .bfloat16),
    ("F8_E4M3", .float8e4m3), ("F8_E5M2", .float8e5m2), ("I64", .int64), ("I32", .int32),
    ("I16", .int16), ("I8", .int8), ("U64", .uint64), ("U32", .uint32), ("U16", .uint16),
    ("U8", .uint8), ("BOOL", .bool),
  ]
  /// What the format's own library allows: 100 MB.
  static let longestHeader = 100_000_000

  /// Creates a set of tensors.
  public init(_ tensors: [String: NumberArray], metadata: [String: String] = [:]) {
    self.tensors = tensors
    self.metadata = metadata
  }

  /// Reads the file at `path`, at most `limit` bytes of it.
  ///
  /// Every tensor is held against its shape and type, and the tensors together must fill the file without gap or
  /// overlap, as the format says.
  ///
  /// - Throws: An ``InputError`` naming what is wrong, and with which tensor.
  public init(
    contentsOf path: String, limit: Int = FileReader.defaultLimit
  ) throws(InputError) {
    let reader = try FileReader(path: path, limit: limit, unpacking: false)
    let header = try SafeTensorsHeader(reader)
    metadata = header.metadata
    tensors = [:]
    for entry in header.entries {
      var array = try ArrayReader(
        TensorBytes(reader, name: entry.name), shape: entry.shape, type: entry.type)
      guard array.count <= NumberArray.mostNumbers else {
        throw InputError(
          file: path,
          "tensor \(entry.name.quoted) holds \(array.count) numbers, more than the "
            + "\(NumberArray.mostNumbers) that are read into memory")
      }
      var numbers: [Double] = []
      try array.read(array.count, into: &numbers)
      tensors[entry.name] = NumberArray(shape: entry.shape, numbers: numbers, type: entry.type)
    }
    guard try reader.isAtEnd() else {
      throw InputError(
        file: path, "goes on behind the \(header.dataSize) bytes of its tensors")
    }
  }

  /// Writes the tensors to the file at `path`, each in its type; it appears when it is complete.
  ///
  /// The same tensors give the same bytes: wider types first, then by name.
  ///
  /// - Throws: An ``InputError`` if it can't be written.
  public func write(to path: String) throws(InputError) {
    let names = tensors.keys.sorted {
      let sizes = (tensors[$0]?.type.size ?? 0, tensors[$1]?.type.size ?? 0)
      return sizes.0 == sizes.1 ? $0 < $1 : sizes.0 > sizes.1
    }
    var fields: [String] = []
    if !metadata.isEmpty {
      let pairs = metadata.sorted { $0.key < $1.key }
        .map { "\(jsonString($0.key)):\(jsonString($0.value))" }
      fields.append("\"__metadata__\":{\(pairs.joined(separator: ","))}")
    }
    var offset = 0
    for name in names {
      guard let array = tensors[name] else { continue }
      guard let type = Self.types.first(where: { $0.1 == array.type })?.0 else { continue }
      let end = offset + array.numbers.count * array.type.size
      let shape = array.shape.map(String.init).joined(separator: ",")
      fields.append(
        "\(jsonString(name)):{\"dtype\":\"\(type)\",\"shape\":[\(shape)],"
          + "\"data_offsets\":[\(offset),\(end)]}")
      offset = end
    }
    var header = Array("{\(fields.joined(separator: ","))}".utf8)
    // The numbers behind it then lie where a mapped file can be read in place.
    header += [UInt8](repeating: 0x20, count: (8 - header.count % 8) % 8)
    let writer = try FileWriter(path: path)
    try writer.write(withUnsafeBytes(of: UInt64(header.count).littleEndian) { Array($0) })
    try writer.write(header)
    for name in names {
      guard let array = tensors[name] else { continue }
      for start in stride(from: 0, to: array.numbers.count, by: 1 << 15) {
        let end = min(start + 1 << 15, array.numbers.count)
        try writer.write(array.type.encode(array.numbers[start..<end]))
      }
    }
    try writer.close()
  }
}

/// The bytes of a safetensors file, whose reader is called after one tensor in messages.
private final class TensorBytes: ByteReader {
  let path: String
  private let reader: FileReader

  init(_ reader: FileReader, name: String) {
    self.reader = reader
    path = "\(reader.path)(\(name.shortened))"
  }

  func read(into buffer: inout [UInt8], at offset: Int) throws(InputError) -> Int {
    try reader.read(into: &buffer, at: offset)
  }
}

/// `text` as JSON has it, in quotation marks.
private func jsonString(_ text: String) -> String {
  var result = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": result += "\\\""
    case "\\": result += "\\\\"
    case "\n": result += "\\n"
    case "\r": result += "\\r"
    case "\t": result += "\\t"
    case _ where scalar.value < 0x20:
      let digits = String(scalar.value, radix: 16)
      result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result + "\""
}
