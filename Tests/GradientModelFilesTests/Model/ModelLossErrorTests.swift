import Testing

/// Faults in the list of losses of a model file.
struct ModelLossErrorTests {
  /// Two layers that a loss can take, and these losses from line 6 on.
  static func losses(_ items: String..., line: Int, _ message: String) -> BadModel {
    let head =
      "model:\n  input: [4]\n  layers:\n    - dense: {units: 2, name: a}\n"
      + "    - dense: {units: 2, name: b, from: input}\n"
    return BadModel(head + items.joined(separator: "\n") + "\n", line, message)
  }

  static let losses: [BadModel] = [
    losses(
      "loss: huber", "losses: []", line: 7,
      "the file has \"loss\" and \"losses\", expected one of them"),
    losses("losses: huber", line: 6, "losses is \"huber\", expected a list of losses"),
    losses("losses: []", line: 6, "losses has 0 losses, expected 1 to 64"),
    losses("losses:", "- huber", line: 7, "losses is \"huber\", expected keys and values"),
    losses("losses:", "- {output: a}", line: 7, "losses needs \"loss\", the name of a loss"),
    losses(
      "losses:", "- {output: a, loss: hubert}", line: 7,
      "unknown loss \"hubert\"; did you mean \"huber\"?"),
    losses(
      "losses:", "- {output: a, loss: huber}", "- {outputs: b, loss: huber}", line: 8,
      "unknown key \"outputs\" in losses; did you mean \"output\"?"),
    losses(
      "losses:", "- {output: a, loss: huber}", "- {output: b, loss: huber, weight: 0}", line: 8,
      "weight of losses is 0, expected a positive number"),
    losses(
      "losses:", "- {output: a, loss: huber}", "- {output: c, loss: huber}", line: 8,
      "a loss takes the output of \"c\", which is no layer; did you mean \"a\"?"),
    losses(
      "losses:", "- {output: a, loss: huber}", "- {output: a, loss: huber}", line: 8,
      "layer \"a\": two losses take its output"),
    losses(
      "losses:", "- {output: a, loss: huber}", "- loss: huber", line: 3,
      "of several losses each says whose output it takes"),
    losses(
      "losses:", "- {output: a, loss: huber}", line: 6,
      "layer \"b\": feeds nothing, and no loss takes its output"),
    losses(
      "losses:", "- {output: a, loss: huber}",
      "- {output: b, loss: {softmax-cross-entropy: {class-weights: [1]}}}", line: 8,
      "layer \"b\": softmax-cross-entropy has 1 class-weights, but the output has 2 classes"),
  ]

  @Test(arguments: losses)
  func everyFaultIsNamedWithItsPlace(bad: BadModel) throws {
    try bad.expectRefusal(in: TemporaryFolder())
  }
}
