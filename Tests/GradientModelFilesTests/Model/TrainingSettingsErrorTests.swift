import GradientModelFiles
import GzipIO
import Testing

/// What is wrong with a training section is said with its line.
struct TrainingSettingsErrorTests {
  @Test(
    arguments: [
      (
        "groups: [{learning-rate: 1}]",
        "training.groups needs \"layers\", a pattern of layers' names, such as \"hidden*\""
      ),
      (
        "groups: [{layers: conv*, frozen: true}]",
        "\"conv*\" in groups fits no layer that has parameters"
      ),
      (
        "groups: {layers: relu-1, frozen: true}",
        "\"relu-1\" in groups fits no layer that has parameters"
      ),
      (
        "groups: [{layers: \"*\", rate: 1}]",
        "unknown key \"rate\" in training.groups; did you mean \"learning-rate\"?"
      ),
      (
        "groups: [{layers: \"*\", learning-rate: 0}]",
        "learning-rate of training.groups is 0, expected a positive number"
      ),
      (
        "groups: [{layers: [[a]]}]",
        "training.groups.layers is a list of 1, expected a pattern of layers' names"
      ),
      ("groups: hidden", "training.groups is \"hidden\", expected keys and values"),
      (
        "regularization: {l3: 1}",
        "unknown key \"l3\" in training.regularization; did you mean \"l1\"?"
      ),
      ("regularization: {l2: -1}", "l2 of training.regularization is -1, expected 0 or more"),
      (
        "schedule: [cosine, {warmup: 5}]",
        "cosine in training.schedule needs \"steps\": only the last schedule may take all that are left"
      ),
      ("schedule: sine", "unknown schedule \"sine\"; did you mean \"cosine\"?"),
      ("schedule: {exponential: 0}", "gamma of exponential is 0, expected a positive number"),
      ("clip: {}", "training.clip has 0 keys, expected value, norm or global-norm"),
      (
        "clip: {norm: 1, value: 1}", "training.clip has 2 keys, expected value, norm or global-norm"
      ),
      ("clip: {global-norm: 0}", "global-norm of training.clip is 0, expected a positive number"),
      (
        "clip: {globalnorm: 1}",
        "unknown key \"globalnorm\" in training.clip; did you mean \"global-norm\"?"
      ),
      (
        "stop: {patience: 0}",
        "patience of training.stop is 0, expected a whole number from 1 to 1000000000"
      ),
      ("stop: {min-delta: 1}", "training.stop.min-delta stands without patience"),
      (
        "stop: {finding: info}", "training.stop.finding is \"info\", expected one of warning, error"
      ),
      ("stop: {seconds: -1}", "seconds of training.stop is -1, expected a positive number"),
      ("stop: {non-finite: 1}", "non-finite of training.stop is 1, expected true or false"),
    ])
  func itIsSaid(_ line: String, _ message: String) throws {
    let folder = try TemporaryFolder()
    let text = """
      model: {input: [4], layers: [{dense: {units: 3, name: hidden}}, relu, {dense: 2}]}
      loss: softmax-cross-entropy
      training:
        epochs: 1
        optimizer: {sgd: 0.1}
        \(line)

      """
    let path = try folder.file("model.yaml", Array(text.utf8))
    let error = #expect(throws: InputError.self) { try ModelFile(contentsOf: path) }
    #expect(error?.message == message)
    #expect(error?.line == 6)
  }
}
