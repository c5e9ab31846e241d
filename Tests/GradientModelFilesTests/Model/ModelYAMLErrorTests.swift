import Testing

/// Files that are no YAML, or YAML of a kind that is refused.
struct ModelYAMLErrorTests {
  static let yaml: [BadModel] = [
    BadModel("", nil, "is empty, expected a model"),
    BadModel("# nothing\n", nil, "is empty, expected a model"),
    BadModel("---\n", nil, "is empty, expected a model"),
    BadModel("42\n", 1, "the file is \"42\", expected keys and values"),
    BadModel("- a\n- b\n", 1, "the file is a list of 2, expected keys and values"),
    BadModel(
      "model:\n  input: [4\n  layers: x\n", 3,
      "is not valid YAML: while parsing a flow sequence, did not find expected ',' or ']'"),
    BadModel(
      "model:\n\tinput: 4\n", 2,
      "is not valid YAML: while scanning for the next token, found character that cannot start any "
        + "token"),
    BadModel("a: 1\u{0}\n", 1, "is not valid YAML: control characters are not allowed"),
    BadModel("a: 1\nb: \u{7}\n", 2, "is not valid YAML: control characters are not allowed"),
    BadModel(
      "model: 1\n---\nmodel: 2\n", 2,
      "is not valid YAML: expected a single document in the stream, but found another document"),
    BadModel(
      "model: 1\nloss: 2\nmodel: 3\n", 1, "the key \"model\", first given here, is given twice"),
    BadModel("a: &x 1\nb: *x\n", 1, "YAML anchors and aliases (&name, *name) are refused"),
    BadModel("a: *x\n", 1, "is not valid YAML: found undefined alias"),
    BadModel("model: !!binary abc\n", 1, "YAML tags (!name) are refused"),
    BadModel("? [a]\n: b\n", 1, "a key is a list of 1, expected a word"),
    BadModel(
      "a: " + String(repeating: "[", count: 40) + String(repeating: "]", count: 40), 1,
      "nested deeper than the limit of 32"),
    BadModel(
      "a: " + String(repeating: "[", count: 100_000), 1,
      "nested deeper than the limit of 32"),
  ]

  @Test(arguments: yaml)
  func everyFaultIsNamedWithItsPlace(bad: BadModel) throws {
    try bad.expectRefusal(in: TemporaryFolder())
  }
}
