import Backpropagation
import GradientModelFiles
import GzipIO
import Testing

/// Batches from NPZ files.
struct BatchFileTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func network(_ text: String) throws -> NeuralNetwork {
    try ModelFile(contentsOf: folder.file("model.yaml", text.utf8)).network
  }

  /// An array of doubles as NPY.
  private func array(_ shape: String, _ numbers: [Double]) -> [UInt8] {
    npy(
      npyHeader("<f8", shape),
      numbers.flatMap { withUnsafeBytes(of: $0.bitPattern.littleEndian) { Array($0) } })
  }

  private func batch(
    _ network: NeuralNetwork, _ arrays: [(String, [UInt8])]
  ) throws -> Dataset {
    let path = try folder.file(
      "batch.npz", storedArchive(arrays.map { ("\($0.0).npy", $0.1) }))
    return try Dataset(batch: path, for: network)
  }

  static let plain = "model: {input: [2], layers: [{dense: 3}]}\nloss: softmax-cross-entropy\n"

  @Test func inputsAndClassesAreRead() throws {
    let data = try batch(
      network(Self.plain),
      [("input", array("(2, 2)", [1, 2, 3, 4])), ("target", array("(2,)", [2, 0]))])
    #expect(data.inputs == [1, 2, 3, 4] && data.inputShape == [2])
    #expect(data.targets == .classes([2, 0], names: []))
  }

  @Test func everyInputAndLossHasItsArray() throws {
    let network = try network(
      """
      model:
        input: {left: [2], right: [1]}
        layers:
          - dense: {units: 2, from: left, name: a}
          - dense: {units: 1, from: right, name: b}
      losses:
        - {output: a, loss: sum-of-squares}
        - {output: b, loss: huber, target: size}
      """)
    let data = try batch(
      network,
      [
        ("left", array("(1, 2)", [1, 2])), ("right", array("(1,)", [3])),
        ("a", array("(1, 2)", [4, 5])), ("size", array("(1, 1)", [6])),
      ])
    #expect(data.features.map(\.values) == [[1, 2], [3]])
    #expect(data.targetSets == [.values([4, 5], perExample: 2), .values([6], perExample: 1)])
  }

  @Test func sequencesHaveLengthsAndClassesByPosition() throws {
    let network = try network(
      "model: {input: [3, 1], layers: [{dense: 2}]}\nloss: softmax-cross-entropy\n")
    let data = try batch(
      network,
      [
        ("input", array("(2, 3, 1)", [1, 2, 3, 4, 5, 6])),
        ("target", array("(2, 3)", [0, 1, 0, 1, 1, 0])), ("lengths", array("(2,)", [2, 3])),
      ])
    #expect(data.lengths == [2, 3])
    #expect(data.targets == .classes([0, 1, 0, 1, 1, 0], names: [], perExample: 3))
  }

  @Test func whatDoesNotFitIsNamed() throws {
    let network = try network(Self.plain)
    let input = ("input", array("(2, 2)", [1, 2, 3, 4]))
    func fault(_ arrays: (String, [UInt8])...) -> String {
      message(in: folder) { _ = try batch(network, arrays) }
    }
    #expect(
      fault(("inputs", input.1))
        == "batch.npz: has no array \"input\"; did you mean \"inputs\"?; it has \"inputs\"")
    #expect(fault(input) == "batch.npz: has no array \"target\"; it has \"input\"")
    #expect(
      fault(("input", array("(2, 3)", [1, 2, 3, 4, 5, 6])))
        == "batch.npz: array \"input\" is [2, 3], expected [2, 2]")
    #expect(
      fault(("input", array("(0, 2)", []))) == "batch.npz: array \"input\" has no examples")
    #expect(
      fault(input, ("target", array("(3,)", [0, 0, 0])))
        == "batch.npz: array \"target\" is [3], expected [2]")
    #expect(
      fault(input, ("target", array("(2,)", [0, 0.5])))
        == "batch.npz: array \"target\" holds 0.5, expected class numbers from 0")
    #expect(
      fault(input, ("target", array("(2,)", [0, 3])))
        == "batch.npz: the data have 4 classes, but the output has 3")
    #expect(
      fault(("input", array("(2, 2)", [1, 2, .nan, 4])))
        == "batch.npz: array \"input\" holds numbers that are not finite")
    #expect(
      fault(
        input, ("target", array("(2,)", [0, 1])), ("lengths", array("(2,)", [1, 9])))
        == "batch.npz: array \"lengths\" holds 9.0, expected whole numbers from 0 to 2")
  }
}

/// The bytes of a ZIP archive whose members are stored as they are.
func storedArchive(_ members: [(name: String, bytes: [UInt8])]) -> [UInt8] {
  func little<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
    withUnsafeBytes(of: number.littleEndian) { Array($0) }
  }
  var archive: [UInt8] = [], directory: [UInt8] = []
  for (name, bytes) in members {
    let offset = archive.count
    let about =
      little(UInt16(20)) + little(UInt16(0)) + little(UInt16(0)) + little(UInt32(0))
      + little(checksum(bytes)) + little(UInt32(bytes.count)) + little(UInt32(bytes.count))
      + little(UInt16(name.utf8.count)) + little(UInt16(0))
    archive += Array("PK\u{3}\u{4}".utf8) + about + Array(name.utf8) + bytes
    directory +=
      Array("PK\u{1}\u{2}".utf8) + little(UInt16(20)) + about + little(UInt16(0))
      + little(UInt16(0)) + little(UInt16(0)) + little(UInt32(0)) + little(UInt32(offset))
      + Array(name.utf8)
  }
  let count = UInt16(members.count)
  return archive + directory + Array("PK\u{5}\u{6}".utf8) + little(UInt16(0))
    + little(UInt16(0)) + little(count) + little(count) + little(UInt32(directory.count))
    + little(UInt32(archive.count)) + little(UInt16(0))
}

/// The CRC-32 of ZIP, bit by bit.
private func checksum(_ bytes: [UInt8]) -> UInt32 {
  ~bytes.reduce(~UInt32(0)) { rest, byte in
    (0..<8).reduce(rest ^ UInt32(byte)) { rest, _ in
      rest & 1 == 1 ? rest >> 1 ^ 0xedb8_8320 : rest >> 1
    }
  }
}
