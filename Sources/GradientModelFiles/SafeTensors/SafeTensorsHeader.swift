import Foundation
import GzipIO

/// The header of a safetensors file: its length in 8 bytes, and a JSON map of what lies where behind it.
struct SafeTensorsHeader {
  /// A tensor, and where its bytes lie behind the header.
  struct Entry {
    var name: String
    var type: NumberType
    var shape: [Int]
    var range: Range<Int>
  }

  /// The tensors in the order in which they lie.
  let entries: [Entry]
  /// What else the header says.
  let metadata: [String: String]
  /// The bytes of all tensors.
  let dataSize: Int

  /// Reads and checks the header; `reader` then stands at the first tensor.
  init(_ reader: FileReader) throws(InputError) {
    let file = reader.path
    let lengthBytes = try reader.bytes(upTo: 8)
    guard lengthBytes.count == 8 else {
      throw InputError(
        file: file, "is no safetensors file: \(lengthBytes.count) bytes, expected 8 and a header")
    }
    let length = lengthBytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= SafeTensors.longestHeader else {
      throw InputError(
        file: file,
        "is no safetensors file: a header of \(length) bytes, expected at most "
          + "\(SafeTensors.longestHeader)")
    }
    let bytes = try reader.bytes(upTo: Int(length))
    guard bytes.count == Int(length) else {
      throw InputError(
        file: file, "ends after \(bytes.count) bytes of its header, expected \(length)")
    }
    let fields: [String: HeaderField]
    do {
      fields = try JSONDecoder().decode([String: HeaderField].self, from: Data(bytes))
    } catch { throw InputError(file: file, "the header is not a JSON map") }
    var entries: [Entry] = []
    var metadata: [String: String] = [:]
    for (name, field) in fields.sorted(by: { $0.key < $1.key }) {
      if name == "__metadata__" {
        guard let text = field.text else {
          throw InputError(file: file, "__metadata__ in the header is no map of text")
        }
        metadata = text
      } else {
        entries.append(try field.entry(name, file: file))
      }
    }
    entries.sort {
      ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
    }
    var end = 0
    for (index, entry) in entries.enumerated() {
      guard entry.range.lowerBound == end else {
        let other = index > 0 ? "tensor \(entries[index - 1].name.quoted)" : "the header"
        throw InputError(
          file: file,
          "tensor \(entry.name.quoted) begins at byte \(entry.range.lowerBound), expected \(end), "
            + "where \(other) ends")
      }
      end = entry.range.upperBound
    }
    self.entries = entries
    self.metadata = metadata
    dataSize = end
  }
}

/// What belongs to one name in the header; what isn't there, or isn't of its type, is nil.
private struct HeaderField: Decodable {
  var type: String?
  var shape: [Int]?
  var offsets: [Int]?
  /// The map of text that `__metadata__` is.
  var text: [String: String]?

  enum CodingKeys: String, CodingKey {
    case type = "dtype"
    case shape
    case offsets = "data_offsets"
  }

  init(from decoder: any Decoder) throws {
    let values = try? decoder.container(keyedBy: CodingKeys.self)
    type = try? values?.decode(String.self, forKey: .type)
    shape = try? values?.decode([Int].self, forKey: .shape)
    offsets = try? values?.decode([Int].self, forKey: .offsets)
    text = try? decoder.singleValueContainer().decode([String: String].self)
  }

  func entry(_ name: String, file: String) throws(InputError) -> SafeTensorsHeader.Entry {
    func error(_ message: String) -> InputError {
      InputError(file: file, "tensor \(name.quoted) \(message)")
    }
    guard let typeName = type else { throw error("has no dtype") }
    guard let type = SafeTensors.types.first(where: { $0.0 == typeName })?.1 else {
      let known = SafeTensors.types.map(\.0).joined(separator: ", ")
      throw error("is of type \(typeName.quoted), expected one of \(known)")
    }
    guard let shape, shape.count <= 32 else {
      throw error("has no shape, expected a list of at most 32 whole numbers")
    }
    guard let count = NumberArray.count(of: shape),
      case let (size, overflows) = count.multipliedReportingOverflow(by: type.size), !overflows
    else {
      throw error("has shape \(NumberArray.title(of: shape)), which can't be")
    }
    guard let offsets, offsets.count == 2, 0 <= offsets[0], offsets[0] <= offsets[1] else {
      throw error("has no data_offsets, expected where it begins and ends")
    }
    guard offsets[1] - offsets[0] == size else {
      throw error(
        "has \(offsets[1] - offsets[0]) bytes, expected \(size) for \(typeName) and shape "
          + NumberArray.title(of: shape))
    }
    return SafeTensorsHeader.Entry(
      name: name, type: type, shape: shape, range: offsets[0]..<offsets[1])
  }
}
