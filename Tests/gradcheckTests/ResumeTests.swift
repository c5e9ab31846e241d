import Foundation
import Testing

/// A training that is stopped and goes on from its checkpoint is the one that was never stopped.
@Suite struct ResumeTests {
  private static func model(layers: String = "dense: 16", epochs: Int = 4) -> String {
    """
    model: {name: digits, input: [64], layers: [{\(layers)}, relu, {dense: 10}]}
    loss: softmax-cross-entropy
    data: {file: digits.csv.gz, normalize: standard}
    training:
      epochs: \(epochs)
      batch: 50
      optimizer: adam
      schedule: {plateau: {patience: 0, threshold: 0.5}}

    """
  }

  @Test func theExportsAndWeightsAreEqualByteForByte() throws {
    let command = try Command()
    defer { command.clean() }
    try command.write(Self.model(), to: "model.yaml")
    // Stops after the second epoch, which can't be so much better than the first one.
    try command.write(
      Self.model() + "  stop: {patience: 1, min-delta: 100}\n", to: "half.yaml")
    let result = try command.shell(
      """
      cp "$package/Examples/data/digits.csv.gz" . && set -e
      "$gradcheck" train model.yaml --quiet --output whole.gradtrace --save-weights whole.safetensors
      "$gradcheck" train half.yaml --quiet --output first.gradtrace --checkpoint state.safetensors
      "$gradcheck" train model.yaml --quiet --output second.gradtrace --resume state.safetensors \
        --save-weights second.safetensors --checkpoint state.safetensors
      cmp whole.safetensors second.safetensors
      for name in whole second; do "$gradcheck" export $name.gradtrace --format jsonl > $name.jsonl; done
      test $(wc -l < second.jsonl) -gt 40
      tail -n $(($(wc -l < second.jsonl) - 1)) second.jsonl > tail
      tail -n $(wc -l < tail) whole.jsonl | cmp - tail
      head -n 1 whole.jsonl > head && head -n 1 second.jsonl | cmp - head
      """)
    #expect(result.status == 0, "\(result.output)\(result.errors)")
    #expect(!command.files.contains { $0.contains("tmp") || $0.contains("running") })
  }

  @Test func aCheckpointOfAnotherRunIsRefusedByName() throws {
    let command = try Command()
    defer { command.clean() }
    try command.write(Self.model(epochs: 1), to: "model.yaml")
    try command.write(Self.model(layers: "dense: 17", epochs: 1), to: "other.yaml")
    let made = try command.shell(
      """
      cp "$package/Examples/data/digits.csv.gz" .
      "$gradcheck" train model.yaml --quiet --checkpoint state.safetensors
      """)
    #expect(made.status == 0, "\(made.errors)")
    let other = try command("train", "other.yaml", "--resume", "state.safetensors")
    #expect(other.status == 2)
    #expect(
      other.errors
        == "gradcheck: state.safetensors: is a checkpoint of another run: model is "
        + "\"dense-1: dense 16 from input\", expected \"dense-1: dense 17 from input\"\n")
    let seeded = try command("train", "model.yaml", "--seed", "5", "--resume", "state.safetensors")
    #expect(
      seeded.errors
        == "gradcheck: state.safetensors: is a checkpoint of another run: seed is \"1\", expected \"5\"\n"
    )
    let weights = try command(
      "train", "model.yaml", "--quiet", "--save-weights", "weights.safetensors")
    #expect(weights.status == 0)
    let none = try command("train", "model.yaml", "--resume", "weights.safetensors")
    #expect(none.errors == "gradcheck: weights.safetensors: is no checkpoint of gradcheck\n")
    #expect(none.status == 2)
  }

  @Test func aSignalLeavesACheckpoint() throws {
    let command = try Command()
    defer { command.clean() }
    try command.write(Self.model(epochs: 100_000), to: "model.yaml")
    let result = try command.shell(
      """
      cp "$package/Examples/data/digits.csv.gz" .
      "$gradcheck" train model.yaml --quiet --checkpoint state.safetensors & job=$!
      until [ -e state.safetensors ]; do sleep 0.05; done
      kill -INT $job
      wait $job
      """)
    #expect(result.status == 130, "\(result.errors)")
    #expect(command.has("state.safetensors") && command.has("digits.gradtrace"))
    try command.write(Self.model(epochs: 1), to: "model.yaml")
    let resumed = try command("train", "model.yaml", "--quiet", "--resume", "state.safetensors")
    #expect(resumed.status == 0, "\(resumed.errors)")
  }

  @Test func whyTrainingStoppedIsSaid() throws {
    let command = try Command()
    defer { command.clean() }
    let model = Self.model(epochs: 50) + "  stop: {loss: 2.2}\n"
    try command.write(model, to: "model.yaml")
    let copy = "cp \"$package/Examples/data/digits.csv.gz\" . && \"$gradcheck\" train model.yaml"
    let screen = try command.shell(copy)
    #expect(screen.output.contains("Stopped    the loss is as low as asked for"), "\(screen)")
    let json = try command.shell(copy + " --format json")
    #expect(json.output.contains("\"stopped\":true,\"stopReason\":\"loss\""))
  }
}
