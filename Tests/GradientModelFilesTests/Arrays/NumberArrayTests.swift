import Foundation
import GzipIO
import Testing

@testable import GradientModelFiles

/// Reads arrays in every form, written by NumPy or byte by byte.
struct NumberArrayTests {
  let folder: TemporaryFolder
  /// What NumPy wrote: 0, 1/8, 2/8 … in the shape [2, 3, 4].
  let eighths = (0..<24).map { Double($0) / 8 }

  init() throws { folder = try TemporaryFolder() }

  static let idxNumbers: [(UInt8, [UInt8], [Double])] = [
    (0x08, [1, 255], [1, 255]), (0x09, [1, 255], [1, -1]),
    (0x0b, [1, 0, 255, 254], [256, -2]), (0x0c, [0, 0, 1, 0, 255, 255, 255, 254], [256, -2]),
    (0x0d, [0x3f, 0xc0, 0, 0, 0xbf, 0, 0, 0], [1.5, -0.5]),
    (0x0e, [0x3f, 0xf8, 0, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0], [1.5, -2]),
  ]

  @Test(arguments: idxNumbers)
  func idxHoldsEachType(type: UInt8, data: [UInt8], numbers: [Double]) throws {
    let array = try NumberArray(idx: try folder.file("a", idx(type, [2, 1], data)))
    #expect(array.shape == [2, 1])
    #expect(array.numbers == numbers)
  }

  @Test func idxMayBeGzip() throws {
    let writer = try FileWriter(path: folder.file("a.gz"))
    try writer.write(idx(8, [3], [7, 8, 9]))
    try writer.close()
    #expect(try NumberArray(idx: folder.file("a.gz")).numbers == [7, 8, 9])
  }

  @Test func npyMayBeBigEndianAndInFortranOrder() throws {
    let array = try NumberArray(npy: fixture("arrays/fortran.npy"))
    #expect(array.shape == [2, 3, 4])
    #expect(array.numbers == (0..<24).map(Double.init))
    #expect(array.type == .int16)
  }

  static let npyNumbers: [(String, [UInt8], Double)] = [
    ("<f8", [0, 0, 0, 0, 0, 0, 0xf8, 0x3f], 1.5), ("<f4", [0, 0, 0xc0, 0x3f], 1.5),
    (">f4", [0x3f, 0xc0, 0, 0], 1.5), ("<f2", [0, 0x3e], 1.5), ("|u1", [200], 200),
    ("|i1", [200], -56), ("<u2", [0, 1], 256), (">u2", [0, 1], 1),
    ("<i4", [254, 255, 255, 255], -2),
    ("<u4", [254, 255, 255, 255], 4_294_967_294), ("<i8", [5, 0, 0, 0, 0, 0, 0, 0], 5),
    ("<u8", [5, 0, 0, 0, 0, 0, 0, 128], 0x1p63), ("|b1", [2], 1), ("=i2", [1, 0], 1),
  ]

  @Test(arguments: npyNumbers)
  func npyHoldsEachType(type: String, data: [UInt8], number: Double) throws {
    let path = try folder.file("a.npy", npy(npyHeader(type, "()"), data))
    let array = try NumberArray(npy: path)
    #expect(array.shape == [])
    #expect(array.numbers == [number])
  }

  @Test func npyMayBeOfALaterVersionAndEmpty() throws {
    let header = Array(npyHeader("<f8", "(0, 5L)").utf8)
    let start: [UInt8] = [0x93] + Array("NUMPY".utf8) + [3, 0, UInt8(header.count), 0, 0, 0]
    let path = try folder.file("a.npy", start + header)
    #expect(try NumberArray(npy: path).shape == [0, 5])
  }

  @Test func npzMayBeStoredOrDeflated() throws {
    let stored = try NumberArray.npz(fixture("arrays/stored.npz"))
    #expect(stored["input"] == NumberArray(shape: [2, 3, 4], numbers: eighths, type: .float32))
    #expect(stored["target"] == NumberArray(shape: [2], numbers: [1, 0], type: .int64))
    #expect(stored["flags"] == NumberArray(shape: [2], numbers: [1, 0], type: .bool))
    let deflated = try NumberArray.npz(fixture("arrays/deflated.npz"))
    #expect(deflated["input"] == NumberArray(shape: [2, 3, 4], numbers: eighths, type: .float64))
    #expect(
      deflated["half"]
        == NumberArray(shape: [4], numbers: [0, 0.125, 0.25, 0.375], type: .float16))
    #expect(deflated["single"] == NumberArray(shape: [], numbers: [2.5]))
    let one = try NumberArray.npz(fixture("arrays/deflated.npz")) { $0 == "half" }
    #expect(Array(one.keys) == ["half"])
  }
}
