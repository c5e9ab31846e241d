import Backpropagation
import Foundation
import GradientModelFiles
import GzipIO
import Testing

/// Model files that would exhaust memory or time, or crash a reader.
struct HostileModelFileTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  func error(_ bytes: some Sequence<UInt8>) throws -> InputError? {
    let path = try folder.file("model.yaml", bytes)
    return #expect(throws: InputError.self) { try ModelFile(contentsOf: path) }
  }

  /// Thirty layers that each double the width: no size overflows.
  @Test func widthsThatGrowWithoutEnd() throws {
    let layers = (0..<70).map { place in
      let above = place == 0 ? "input" : "concatenate-\(place)"
      return "    - concatenate: {from: [\(above), \(above)]}\n"
    }
    let text = "model:\n  input: [4]\n  layers:\n\(layers.joined())loss: sum-of-squares\n"
    let error = try error(text.utf8)
    #expect(error?.line == 32)
    #expect(
      error?.message
        == "layer \"concatenate-29\": its output of 2147483648 is more than the 2147483647 numbers "
        + "that are supported")
  }

  /// Small files that unfold to billions of values, as values and as keys, are refused in no time.
  @Test func aliasesUnfoldToNothing() throws {
    let values = (1...9).map {
      "a\($0): &a\($0) [\(Array(repeating: "*a\($0 - 1)", count: 9).joined(separator: ","))]"
    }
    let bomb = "a0: &a0 [x]\n" + values.joined(separator: "\n")
    #expect(try error(bomb.utf8)?.message == "YAML anchors and aliases (&name, *name) are refused")
    let keys = (1...5).map { "&a\($0) {? [*a\($0 - 1), *a\($0 - 1), *a\($0 - 1)] : 1}" }
    let keyBomb = "- &a0 [x]\n" + keys.map { "- \($0)\n" }.joined()
    #expect(try error(keyBomb.utf8)?.line == 1)
  }

  /// No bytes crash the reader: a model file is mutilated in 250 seeded ways.
  @Test func mutilatedModelsNeverCrash() throws {
    let model = Array(ModelFileTests.digits.utf8)
    let odd = Array("\0\t\n :-[]{}&*!|>'\"%@`#,?\u{feff}0e9~".utf8) + [0xff, 0xc3, 0x80]
    var state: UInt64 = 1
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    for _ in 0..<250 {
      var bytes = model
      for _ in 0...random(3) {
        let place = random(bytes.count)
        switch random(4) {
        case 0: bytes[place] = odd[random(odd.count)]
        case 1: bytes.removeSubrange(place..<min(place + 1 + random(8), bytes.count))
        case 2: bytes.insert(odd[random(odd.count)], at: place)
        default: bytes += bytes[..<place].suffix(random(100))
        }
      }
      let path = try folder.file("model.yaml", bytes)
      if let model = try? ModelFile(contentsOf: path) { #expect(model.network.nodes.count > 1) }
    }
  }
}
