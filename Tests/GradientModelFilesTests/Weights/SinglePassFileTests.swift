import Backpropagation
import GradientModelFiles
import Testing

/// A pass as a safetensors file.
struct SinglePassFileTests {
  @Test func everyTensorIsUnderItsName() throws {
    let folder = try TemporaryFolder()
    let model = try ModelFile(
      contentsOf: folder.file(
        "model.yaml",
        "model: {input: [3], layers: [{dense: {units: 2, name: a}}, tanh]}\nloss: sum-of-squares"
          .utf8))
    let data = Dataset(
      inputShape: [3], inputs: [1, 2, 3, 0.5, -1, 2],
      targets: .values([0, 1, 1, 0], perExample: 2))
    for (precision, type) in [
      (Trainer.Precision.float, NumberType.float32), (.double, .float64),
    ] {
      let pass = try SinglePass(model.network, on: data, precision: precision)
      let path = folder.file("pass.safetensors")
      try SafeTensors(pass, precision: precision, metadata: ["seed": "1"]).write(to: path)
      let file = try SafeTensors(contentsOf: path)
      #expect(
        file.tensors.keys.sorted() == [
          "a/activation", "a/bias.gradient", "a/delta", "a/weight.gradient", "input/activation",
          "input/delta", "loss", "tanh-1/activation", "tanh-1/delta",
        ])
      #expect(file.tensors.values.allSatisfy { $0.type == type })
      #expect(file.tensors["loss"]?.shape == [])
      #expect(
        file.tensors["loss"]?.numbers
          == [precision == .float ? Double(Float(pass.loss)) : pass.loss])
      #expect(file.tensors["a/weight.gradient"]?.shape == [2, 3])
      #expect(file.tensors["input/activation"]?.numbers == data.inputs)
      #expect(
        file.metadata == [
          "format": "gradient-pass", "version": "1", "precision": precision.rawValue,
          "mode": "training", "examples": "2", "lossDivisor": "2.0", "seed": "1",
        ])
    }
  }
}
