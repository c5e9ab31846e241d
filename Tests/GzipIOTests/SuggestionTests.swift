import GzipIO
import Testing

struct SuggestionTests {
  static let initializers = [
    "zeros", "constant", "normal", "uniform", "glorot-normal", "glorot-uniform", "xavier-normal",
    "xavier-uniform", "he-normal", "he-uniform", "lecun-normal", "orthogonal",
  ]
  static let others = [
    "dense", "convolution-1d", "convolution-2d", "max-pool-1d", "batch-norm", "layer-norm",
    "mean-squared-error", "mean-absolute-error", "negative-log-likelihood",
    "binary-cross-entropy", "softmax-cross-entropy", "learning-rate",
  ]

  @Test func aFirstNameLeadsToTheWholeOnes() {
    for name in ["he", "glorot", "xavier"] {
      #expect(
        suggestion(for: name, among: Self.initializers)
          == "; did you mean \"\(name)-normal\" or \"\(name)-uniform\"?")
    }
    #expect(
      suggestion(for: "lecun", among: Self.initializers) == "; did you mean \"lecun-normal\"?")
    #expect(
      suggestion(for: "He", among: Self.initializers)
        == "; did you mean \"he-normal\" or \"he-uniform\"?")
  }

  @Test(
    arguments: [
      ("rate", "learning-rate"), ("mse", "mean-squared-error"),
      ("nll", "negative-log-likelihood"), ("bce", "binary-cross-entropy"),
      ("conv2d", "convolution-2d"), ("maxpool1d", "max-pool-1d"), ("batchnorm", "batch-norm"),
      ("dens", "dense"), ("denes", "dense"), ("softmax-crossentropy", "softmax-cross-entropy"),
      ("pool", "max-pool-1d"),
    ])
  func whatIsMeantIsFound(word: String, meant: String) {
    #expect(suggestion(for: word, among: Self.others) == "; did you mean \"\(meant)\"?")
  }

  @Test(arguments: ["quantum", "x", "", "-", "conv", "cross-attention-of-everything"])
  func whatIsFarIsNot(word: String) {
    let found = suggestion(for: word, among: Self.others.filter { !$0.hasPrefix("conv") })
    #expect(found == "")
  }

  @Test func severalAreListed() {
    #expect(suggestion(for: "a", among: ["a-1", "a-2", "a-3"]).contains("\"a-1\", \"a-2\" or"))
    #expect(suggestion(for: "aaaa", among: ["aaaa-1", "aaaa-2", "aaaa-3", "aaaa-4"]) != "")
    #expect(suggestion(for: "dense", among: []) == "")
  }
}
