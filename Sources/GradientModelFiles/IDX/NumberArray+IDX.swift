public import GzipIO

extension NumberArray {
  /// Reads an IDX file, the format of MNIST, plain or gzip.
  ///
  /// - Throws: An ``InputError`` naming what is wrong with the file.
  public init(idx path: String, limit: Int = FileReader.defaultLimit) throws(InputError) {
    var reader = try ArrayReader(idx: FileReader(path: path, limit: limit))
    self = try reader.readAll()
  }
}

extension ArrayReader {
  /// Reads the header of an IDX file: two zeros, the type, the number of axes, and their sizes in 32 bits each.
  init(idx reader: any ByteReader) throws(InputError) {
    let magic = try reader.bytes(upTo: 4)
    guard magic.count == 4, magic[0] == 0, magic[1] == 0 else {
      throw InputError(
        file: reader.path, "is no IDX file: it doesn't begin with two zero bytes and a type")
    }
    let types: [UInt8: NumberType] = [
      0x08: .uint8, 0x09: .int8, 0x0b: .int16, 0x0c: .int32, 0x0d: .float32, 0x0e: .float64,
    ]
    guard let type = types[magic[2]] else {
      throw InputError(
        file: reader.path,
        "holds type 0x\(String(magic[2], radix: 16)), expected one of the IDX types 0x8, 0x9, 0xb, "
          + "0xc, 0xd, 0xe")
    }
    let axes = Int(magic[3])
    guard (1...8).contains(axes) else {
      throw InputError(file: reader.path, "has \(axes) axes, expected 1 to 8")
    }
    let sizes = try reader.bytes(upTo: 4 * axes)
    guard sizes.count == 4 * axes else {
      throw InputError(file: reader.path, "the IDX header is cut off")
    }
    let shape = (0..<axes).map { axis in
      sizes[4 * axis..<4 * axis + 4].reduce(0) { $0 << 8 | Int($1) }
    }
    try self.init(
      reader, shape: shape, type: type, isBigEndian: true, start: 4 + sizes.count)
  }
}
