public import GzipIO

extension NumberArray {
  /// Reads an NPY file, NumPy's form of one array, plain or gzip.
  ///
  /// - Throws: An ``InputError`` naming what is wrong with the file.
  public init(npy path: String, limit: Int = FileReader.defaultLimit) throws(InputError) {
    var reader = try ArrayReader(npy: FileReader(path: path, limit: limit))
    self = try reader.readAll()
  }

  /// Reads the arrays of an NPZ file, NumPy's archive of arrays, by name; `wanted` chooses among the names.
  ///
  /// - Throws: An ``InputError`` naming what is wrong with the file, or the array in it.
  public static func npz(
    _ path: String, limit: Int = FileReader.defaultLimit,
    where wanted: (String) -> Bool = { _ in true }
  ) throws(InputError) -> [String: NumberArray] {
    let archive = try ZipArchive(path: path, limit: limit)
    var arrays: [String: NumberArray] = [:]
    for member in archive.names where member.hasSuffix(".npy") {
      let name = String(member.dropLast(4))
      guard wanted(name) else { continue }
      guard arrays[name] == nil else {
        throw InputError(file: path, "two arrays are called \(name.quoted)")
      }
      guard let bytes = try archive.reader(of: member) else { continue }
      var reader = try ArrayReader(npy: bytes)
      arrays[name] = try reader.readAll()
    }
    return arrays
  }
}

extension ArrayReader {
  /// More is no header of an array of numbers.
  private static let longestHeader = 1 << 16

  /// Reads the header of an NPY file: the magic word, the version, and a Python dict of type, order and shape.
  init(npy reader: any ByteReader) throws(InputError) {
    let magic = try reader.bytes(upTo: 8)
    guard magic.count == 8, magic.starts(with: [0x93] + Array("NUMPY".utf8)) else {
      throw InputError(file: reader.path, "is no NPY file: it doesn't begin with \\x93NUMPY")
    }
    guard (1...3).contains(magic[6]) else {
      throw InputError(
        file: reader.path, "is of NPY version \(magic[6]).\(magic[7]), expected 1.0 to 3.0")
    }
    let lengthBytes = try reader.bytes(upTo: magic[6] == 1 ? 2 : 4)
    let length = lengthBytes.reversed().reduce(0) { $0 << 8 | Int($1) }
    guard length <= Self.longestHeader else {
      throw InputError(
        file: reader.path,
        "has an NPY header of \(length) bytes, expected at most \(Self.longestHeader)")
    }
    let header = try reader.bytes(upTo: length)
    guard header.count == length, lengthBytes.count >= 2 else {
      throw InputError(file: reader.path, "the NPY header is cut off")
    }
    let fields = try NPYHeader(header, file: reader.path)
    try self.init(
      reader, shape: fields.shape, type: fields.type, isFortranOrder: fields.isFortranOrder,
      isBigEndian: fields.isBigEndian, start: 8 + lengthBytes.count + length)
  }
}
