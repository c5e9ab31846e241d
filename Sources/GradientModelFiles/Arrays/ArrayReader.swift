import GzipIO

/// What a file's header says of the array behind it, and the array's numbers, as they are read.
struct ArrayReader {
  /// The array's sizes, the slowest first.
  let shape: [Int]
  /// How many numbers that makes.
  let count: Int
  /// How the file holds them.
  let type: NumberType
  /// Whether the first axis runs fastest in the file.
  let isFortranOrder: Bool
  /// Whether the most significant byte comes first.
  let isBigEndian: Bool
  /// How many bytes of the file come before the numbers.
  let start: Int
  /// The file, with the member where it is an archive's.
  var path: String { reader.path }

  private let reader: any ByteReader
  private var delivered = 0

  /// Describes the array that begins where `reader` stands.
  ///
  /// - Throws: An ``InputError`` if the shape is more than can be counted.
  init(
    _ reader: any ByteReader, shape: [Int], type: NumberType, isFortranOrder: Bool = false,
    isBigEndian: Bool = false, start: Int = 0
  ) throws(InputError) {
    guard let count = NumberArray.count(of: shape) else {
      throw InputError(
        file: reader.path, "an array of shape \(NumberArray.title(of: shape)) can't be: too large")
    }
    self.reader = reader
    self.shape = shape
    self.count = count
    self.type = type
    self.isFortranOrder = isFortranOrder
    self.isBigEndian = isBigEndian
    self.start = start
  }

  /// Adds the next `count` numbers of the file, or what is left of them, to `numbers`.
  ///
  /// - Throws: An ``InputError`` if the file ends before.
  mutating func read(_ count: Int, into numbers: inout [Double]) throws(InputError) {
    var left = min(count, self.count - delivered)
    while left > 0 {
      let part = min(left, 1 << 15)
      let bytes = try reader.bytes(upTo: part * type.size)
      guard bytes.count == part * type.size else {
        throw InputError(
          file: path,
          "ends after \(delivered + bytes.count / type.size) numbers, expected \(self.count) as "
            + "its header says (\(NumberArray.title(of: shape)))")
      }
      type.decode(bytes[...], isBigEndian: isBigEndian, to: &numbers)
      delivered += part
      left -= part
    }
  }

  /// Makes sure that nothing stands behind the last number.
  func checkEnd() throws(InputError) {
    guard try reader.isAtEnd() else {
      throw InputError(
        file: path, "goes on behind the \(count) numbers that its header says")
    }
  }

  /// The whole array.
  ///
  /// - Throws: An ``InputError`` if it is too large for the memory, or if the file doesn't hold as much as it says.
  mutating func readAll() throws(InputError) -> NumberArray {
    guard count <= NumberArray.mostNumbers else {
      throw InputError(
        file: path,
        "holds \(count) numbers, more than the \(NumberArray.mostNumbers) that are read into memory"
      )
    }
    var numbers: [Double] = []
    try read(count, into: &numbers)
    try checkEnd()
    return NumberArray(
      shape: shape, numbers: isFortranOrder ? numbers.transposed(to: shape) : numbers, type: type)
  }
}

extension [Double] {
  /// The numbers of an array of `shape` whose first axis runs fastest, with the last axis running fastest.
  fileprivate func transposed(to shape: [Int]) -> [Double] {
    guard shape.count > 1, !isEmpty else { return self }
    var strides: [Int] = []
    var stride = 1
    for size in shape {
      strides.append(stride)
      stride *= size
    }
    var place = [Int](repeating: 0, count: shape.count)
    var source = 0
    var result: [Double] = []
    result.reserveCapacity(count)
    while result.count < count {
      result.append(self[source])
      for axis in shape.indices.reversed() {
        place[axis] += 1
        source += strides[axis]
        if place[axis] < shape[axis] { break }
        source -= place[axis] * strides[axis]
        place[axis] = 0
      }
    }
    return result
  }
}
