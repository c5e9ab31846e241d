import Foundation
import GzipIO
import Testing

@testable import GradientModelFiles

/// Damaged and hostile IDX, NPY and NPZ files, and what is said about them.
struct ArrayErrorTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  static let idxFiles: [([UInt8], String)] = [
    ([], "a: is no IDX file: it doesn't begin with two zero bytes and a type"),
    ([80, 75, 3, 4], "a: is no IDX file: it doesn't begin with two zero bytes and a type"),
    (
      idx(0x0a, [1], [1]),
      "a: holds type 0xa, expected one of the IDX types 0x8, 0x9, 0xb, 0xc, 0xd, 0xe"
    ),
    (idx(8, [], [1]), "a: has 0 axes, expected 1 to 8"),
    ([0, 0, 8, 3, 0, 0], "a: the IDX header is cut off"),
    (
      idx(8, [2, 3], [1, 2, 3, 4]),
      "a: ends after 4 numbers, expected 6 as its header says ([2, 3])"
    ),
    (
      idx(0x0d, [2], [1, 2, 3, 4, 5]),
      "a: ends after 1 numbers, expected 2 as its header says ([2])"
    ),
    (idx(8, [2], [1, 2, 3]), "a: goes on behind the 2 numbers that its header says"),
    (
      idx(8, [.max, .max, .max], [1]),
      "a: an array of shape [4294967295, 4294967295, 4294967295] can't be: too large"
    ),
    (
      idx(8, [.max], [1]),
      "a: holds 4294967295 numbers, more than the 268435456 that are read into memory"
    ),
    (
      idx(8, [1 << 28], [1]),
      "a: ends after 1 numbers, expected 268435456 as its header says ([268435456])"
    ),
  ]

  @Test(arguments: idxFiles)
  func damagedIDXFiles(bytes: [UInt8], expected: String) throws {
    let path = try folder.file("a", bytes)
    #expect(message(in: folder) { _ = try NumberArray(idx: path) } == expected)
  }

  static let npyFiles: [([UInt8], String)] = [
    ([1, 2, 3], "a: is no NPY file: it doesn't begin with \\x93NUMPY"),
    ([0x93] + Array("NUMPY".utf8) + [9, 1], "a: is of NPY version 9.1, expected 1.0 to 3.0"),
    ([0x93] + Array("NUMPY".utf8) + [1, 0, 40, 0, 32], "a: the NPY header is cut off"),
    (
      [0x93] + Array("NUMPY".utf8) + [2, 0, 255, 255, 255, 255],
      "a: has an NPY header of 4294967295 bytes, expected at most 65536"
    ),
    (npy("[1, 2]\n", []), "a: the NPY header is \"[1, 2]\", expected a dict"),
    (npy("{", []), "a: the NPY header has \"\" where a key is expected"),
    (npy("{'descr' 1}", []), "a: the NPY header has \"1}\" behind the key \"descr\""),
    (
      npy("{'descr': '<f8' 'x'}", []),
      "a: the NPY header has \"'x'}\" where a comma or the end is expected"
    ),
    (npy("{'descr': '<f8'} x", []), "a: the NPY header has \"x\" behind its end"),
    (npy("{'descr': '<f8'}", []), "a: the NPY header has no \"fortran_order\""),
    (
      npy("{'descr': '<f8', 'descr': '<f4'}", []),
      "a: the NPY header has the key \"descr\" twice"
    ),
    (npy("{'kind': 1}", []), "a: the NPY header has the unknown key \"kind\""),
    (
      npy(npyHeader("<f8", "(1,)", order: "0"), []),
      "a: the NPY header has \"0, 'shape': (1,), }\" as fortran_order, expected True or False"
    ),
    (
      npy(npyHeader("<f8", "(-1,)"), []),
      "a: the NPY header has \"(-1,), }\" as shape, expected whole numbers in brackets"
    ),
    (
      npy(npyHeader("<f8", "(99999999999999999999,)"), []),
      "a: the NPY header has \"(99999999999999999999,), }\" as shape, expected whole numbers in "
        + "brackets"
    ),
    (
      npy(npyHeader("<f8", "(4294967296, 4294967296)"), []),
      "a: an array of shape [4294967296, 4294967296] can't be: too large"
    ),
    (
      npy(npyHeader("<U5", "(1,)"), []),
      "a: holds text (type \"<U5\"); expected floats, integers or booleans"
    ),
    (
      npy(npyHeader("<c16", "(1,)"), []),
      "a: holds complex numbers (type \"<c16\"); expected floats, integers or booleans"
    ),
    (
      npy(npyHeader("<M8[D]", "(1,)"), []),
      "a: holds dates or times (type \"<M8[D]\"); expected floats, integers or booleans"
    ),
    (
      npy(npyHeader("<f16", "(1,)"), []),
      "a: holds a type that isn't known (type \"<f16\"); expected floats, integers or booleans"
    ),
  ]

  @Test(arguments: npyFiles)
  func damagedNPYFiles(bytes: [UInt8], expected: String) throws {
    let path = try folder.file("a", bytes)
    #expect(message(in: folder) { _ = try NumberArray(npy: path) } == expected)
  }

  @Test func objectsAndRecordsAreRefused() throws {
    #expect(
      message(in: folder) { _ = try NumberArray(npy: fixture("arrays/objects.npy")) }
        .hasSuffix(
          "objects.npy: holds Python objects, which can hold programs and aren't read (type "
            + "\"|O\"); expected floats, integers or booleans"))
    #expect(
      message(in: folder) { _ = try NumberArray(npy: fixture("arrays/records.npy")) }
        .hasSuffix(
          "records.npy: the NPY header describes structured records (\"[('a', '<i4'), ('b', "
            + "'<f8')], 'fortran_…\"), expected plain numbers"))
  }

  /// Changes what stands in an archive from `offset` on.
  func archive(_ name: String, _ offset: (Int) -> Int, _ bytes: [UInt8]) throws -> String {
    var content = Array(try Data(contentsOf: URL(filePath: fixture("arrays/\(name)"))))
    let start = offset(content.count)
    content.replaceSubrange(start..<start + bytes.count, with: bytes)
    return try folder.file("a.npz", content)
  }

  @Test func damagedArchives() throws {
    func said(_ path: String, limit: Int = FileReader.defaultLimit) -> String {
      message(in: folder) { _ = try NumberArray.npz(path, limit: limit) }
    }
    #expect(said(folder.file("none.npz")) == "none.npz: no such file")
    #expect(
      said(try folder.file("a.npz", [1, 2, 3]))
        == "a.npz: is no zip archive, or it is cut off")
    // Of the last record: how large the directory is, and where it begins.
    #expect(
      said(try archive("stored.npz", { $0 - 10 }, [255, 255, 255, 127]))
        == "a.npz: the directory of the zip archive is damaged")
    #expect(
      said(try archive("stored.npz", { $0 - 6 }, [1, 0, 0, 0]))
        == "a.npz: the directory of the zip archive is damaged")
    // Of the first member: its flags, its method, and the first of its numbers.
    let directory =
      Array(try Data(contentsOf: URL(filePath: fixture("arrays/stored.npz"))))
      .firstRange(of: [0x50, 0x4b, 1, 2])?.lowerBound ?? 0
    #expect(
      said(try archive("stored.npz", { _ in directory + 8 }, [1]))
        == "a.npz(input.npy): is encrypted, which isn't supported")
    #expect(
      said(try archive("stored.npz", { _ in directory + 10 }, [12]))
        == "a.npz(input.npy): is packed by method 12, expected 0 (stored) or 8 (deflated)")
    #expect(
      said(try archive("stored.npz", { _ in directory + 42 }, [9]))
        == "a.npz(input.npy): damaged: no member begins where the directory says")
    #expect(
      said(try archive("stored.npz", { _ in directory + 20 }, [255, 255, 255, 127]))
        == "a.npz(input.npy): damaged: the member reaches past the end of the file")
    #expect(
      said(try archive("stored.npz", { _ in 200 }, [99]))
        == "a.npz(input.npy): damaged: its size or checksum isn't what the directory says")
    #expect(
      said(try archive("deflated.npz", { _ in 59 }, [255]))
        == "a.npz(input.npy): damaged: the packed data are corrupt")
    #expect(
      said(fixture("arrays/deflated.npz"), limit: 300).hasSuffix(
        "deflated.npz: larger than the limit of 300 bytes"))
  }
}
