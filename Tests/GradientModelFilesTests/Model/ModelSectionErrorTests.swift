import Testing

/// Faults in what a model file says of training, data and health.
struct ModelSectionErrorTests {
  static let sections: [BadModel] = [
    .section(
      "training:", "  epochs: 1", line: 4, "training needs \"optimizer\", the name of an optimizer"),
    .section(
      "training: {epochs: 1, optimizer: {sgd: 0}}", line: 3,
      "learning-rate of sgd is 0, expected a positive number"),
    .section(
      "training: {epochs: 1, optimizer: {sgd: -0.1}}", line: 3,
      "learning-rate of sgd is -0.1, expected a positive number"),
    .section(
      "training: {epochs: 1, optimizer: {sgd: .nan}}", line: 3,
      "learning-rate of sgd is nan, expected a positive number"),
    .section(
      "training: {epochs: 1, optimizer: {sgd: NaN}}", line: 3,
      "learning-rate of sgd is \"NaN\", expected a positive number"),
    .section(
      "training: {epochs: 1, optimizer: sgd}", line: 3,
      "sgd needs \"learning-rate\", a positive number"),
    .section(
      "training:", "  epochs: 1", "  optimizer:", "    sgd:", "      lerning-rate: 0.1", line: 7,
      "unknown key \"lerning-rate\" in training.optimizer.sgd; did you mean \"learning-rate\"?"),
    .section(
      "training:", "  epochs: 1", "  optimizer:", "    sgd:", "      learning-rate: 0.1",
      "      momentum: 1", line: 8, "momentum of sgd is 1, expected from 0 to below 1"),
    .section(
      "training:", "  epochs: 1", "  optimizer: sdg", line: 5,
      "unknown optimizer \"sdg\"; did you mean \"sgd\"?"),
    .section(
      "training:", "  optimizer: {sgd: 0.1}", line: 4, "training needs \"epochs\" or \"steps\""),
    .section(
      "training:", "  optimizer: {sgd: 0.1}", "  epochs: 1", "  steps: 1", line: 6,
      "training has epochs and steps, expected one"),
    .section(
      "training:", "  optimizer: {sgd: 0.1}", "  epochs: 0", line: 5,
      "epochs of training is 0, expected a whole number from 1 to 1000000000"),
    .section(
      "training:", "  epochs: 1", "  batch: -5", line: 5,
      "batch of training is -5, expected a whole number from 1 to 16777216"),
    BadModel(
      "model: {input: [65536], layers: [{dense: 2}]}\nloss: sum-of-squares\ntraining:\n  epochs: 1\n  optimizer: {sgd: 1}\n  batch: 100000\n",
      6,
      "a batch of 100000 examples, 65538 numbers each, is more than the 2147483647 numbers that are supported"
    ),
    .section(
      "training:", "  epochs: 1", "  seed: -1", line: 5,
      "seed of training is -1, expected a whole number from 0 to 9223372036854775807"),
    .section(
      "training:", "  epochs: 1", "  precision: half", line: 5,
      "training.precision is \"half\", expected one of float, double"),
    .section(
      "training:", "  epochs: 1", "  accumulate: 0", line: 5,
      "accumulate of training is 0, expected a whole number from 1 to 1048576"),
    .section(
      "training:", "  epoch: 1", line: 4,
      "unknown key \"epoch\" in training; did you mean \"epochs\"?"),
    .section("data: {}", line: 3, "data needs \"file\", the name of a data file"),
    .section(
      "data: {file: x.csv, target: all}", line: 3,
      "data.target is \"all\", which leaves no inputs"),
    .section("data: {file: [a]}", line: 3, "data.file is a list of 1, expected a word"),
    .section(
      "data: {file: /etc/passwd}", line: 3,
      "data.file is \"/etc/passwd\", which lies outside of the model file's folder and its parent; --allow-outside allows that"
    ),
    .section(
      "data: {file: ../../x.csv}", line: 3,
      "data.file is \"../../x.csv\", which lies outside of the model file's folder and its parent; --allow-outside allows that"
    ),
    .section(
      "data: {file: \"x\\0.csv\"}", line: 3,
      "data.file is \"x\\u{0}.csv\", expected the name of a file"),
    .section(
      "data: {file: x.csv, input: {file: y.csv}}", line: 3,
      "data has \"file\" and \"input\", expected one of them"),
    .section(
      "data:", "  file: x.csv", "  header: maybe", line: 5,
      "data.header is \"maybe\", expected one of auto, true, false"),
    .section(
      "data:", "  file: x.csv", "  delimiter: \"|\"", line: 5,
      "data.delimiter is \"|\", expected one of auto, \",\", \";\", tab, space"),
    .section(
      "data:", "  file: x.csv", "  skip-rows: -1", line: 5,
      "skip-rows of data is -1, expected a whole number from 0 to 1000000000"),
    .section(
      "data:", "  file: x.csv", "  missing: zero", line: 5,
      "data.missing is \"zero\", expected one of error, drop-row, mean"),
    .section(
      "data:", "  file: x.csv", "  normalize: standart", line: 5,
      "data.normalize is \"standart\", expected one of none, standard, min-max, unit-norm"),
    .section(
      "data:", "  file: x.csv", "  stream: yes please", line: 5,
      "stream of data is \"yes please\", expected true or false"),
    .section("data:", "  file: x.csv", "  columns: []", line: 5, "data.columns names no column"),
    .section(
      "data:", "  file: x.csv", "  columns: [{a: 1}]", line: 5,
      "data.columns holds a map, expected a column's name or place"),
    .section(
      "data:", "  file: x.csv", "  split: {train: 1.5}", line: 5,
      "train of data.split is 1.5, expected a share from 0.0 to 1.0"),
    .section(
      "data:", "  file: x.csv", "  split: {train: 0.7, test: 0.7}", line: 5,
      "the shares in data.split are more than 1 together"),
    .section(
      "data:", "  file: x.csv", "  split: {test: 1}", line: 5,
      "data.split leaves nothing to train on"),
    .section(
      "data:", "  file: x.csv", "  split: {trian: 1}", line: 5,
      "unknown key \"trian\" in data.split; did you mean \"train\"?"),
    .section("health:", "  fail-on:", line: 4, "\"fail-on\" has no value"),
  ]

  @Test(arguments: sections)
  func everyFaultIsNamedWithItsPlace(bad: BadModel) throws {
    try bad.expectRefusal(in: TemporaryFolder())
  }
}
