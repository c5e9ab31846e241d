import Foundation
import Testing

/// `gradcheck gradients`: one pass as a file.
@Suite struct GradientsTests {
  static let digits = Command.package.appending(path: "Examples/digits/model.yaml").path

  /// The header of a safetensors file.
  private func header(of url: URL) throws -> [String: Any] {
    let data = try Data(contentsOf: url)
    let length = data.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    let header = try JSONSerialization.jsonObject(with: data.dropFirst(8).prefix(length))
    return try #require(header as? [String: Any])
  }

  @Test func aPassIsWritten() throws {
    let command = try Command()
    defer { command.clean() }
    let result = try command(
      "gradients", Self.digits, "--precision", "double", "--output", "pass.safetensors")
    #expect(result.errors == "" && result.status == 0)
    #expect(result.output.contains("64 examples, double, training mode · loss 2."))
    #expect(result.output.contains("Tensors    13 in pass.safetensors"))
    let header = try header(of: command.folder.appending(path: "pass.safetensors"))
    func shape(_ name: String) -> [Int]? { (header[name] as? [String: Any])?["shape"] as? [Int] }
    #expect(shape("loss") == [])
    #expect(shape("input/activation") == [64, 64])
    #expect(shape("relu-1/delta") == [64, 128])
    #expect(shape("dense-2/weight.gradient") == [10, 128])
    #expect((header["loss"] as? [String: Any])?["dtype"] as? String == "F64")
    let metadata = try #require(header["__metadata__"] as? [String: String])
    #expect(metadata["mode"] == "training" && metadata["seed"] == "1")
    #expect(metadata["lossDivisor"] == "64.0")
  }

  @Test func aPassIsADocumentToo() throws {
    let command = try Command()
    defer { command.clean() }
    let result = try command(
      "gradients", Self.digits, "--output", "a.safetensors", "--format", "json")
    let document = try #require(
      JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    #expect(document["format"] as? String == "gradient-pass")
    #expect(document["examples"] as? Int == 64 && document["tensors"] as? Int == 13)
    #expect(document["loss"] as? Double ?? 0 > 2)
    // The same pass gives the same bytes; another seed another pass.
    try command.shell(
      """
      model="$package/Examples/digits/model.yaml"
      "$gradcheck" gradients "$model" --output b.safetensors
      "$gradcheck" gradients "$model" --output c.safetensors --seed 2
      """)
    let files = try ["a", "b", "c"].map {
      try Data(contentsOf: command.folder.appending(path: "\($0).safetensors"))
    }
    #expect(files[0] == files[1] && files[0] != files[2])
  }

  /// A model without data is run on random examples.
  @Test func dataMayBeMissing() throws {
    let command = try Command()
    defer { command.clean() }
    let model = try command.write(
      "model: {input: [2], layers: [{dense: 3}]}\nloss: hinge\n", to: "m/model.yaml")
    let result = try command("gradients", model, "--output", "pass.safetensors")
    #expect(result.status == 0)
    #expect(result.output.contains("8 examples, float, training mode"))
  }

  @Test func badInputIsNamedAndNothingWritten() throws {
    let command = try Command()
    defer { command.clean() }
    for option in ["--weights", "--batch"] {
      let result = try command(
        "gradients", Self.digits, option, "none.npz", "--output", "pass.safetensors")
      #expect(result.status == 2)
      #expect(result.errors == "gradcheck: none.npz: no such file\n")
    }
    #expect(try command("gradients", Self.digits).status == 2)
    #expect(!command.has("pass.safetensors"))
  }
}
