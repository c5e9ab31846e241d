// The arguments that layers over planes have in common.

extension [ArgumentDescription] {
  static let convolution: [ArgumentDescription] = [
    ArgumentDescription("channels", "the number of kernels, from 1"),
    .kernel,
    ArgumentDescription(
      "stride", "s, how far the kernel moves at a time: a number from 1, or [height, width]",
      default: "1"),
  ]
  static let biasAndInitializers: [ArgumentDescription] = [
    ArgumentDescription("bias", "whether each channel has a bias", default: "true"),
    ArgumentDescription(
      "initializer", "how the weights start",
      default: "he-uniform before the ReLU family, else glorot-uniform"),
    ArgumentDescription("bias-initializer", "how the biases start", default: "zeros"),
  ]
  static let poolingOfLength: [ArgumentDescription] = [
    ArgumentDescription("kernel", "the length of the window, from 1"),
    ArgumentDescription(
      "stride", "how far the window moves at a time, from 1", default: "the kernel"),
    ArgumentDescription(
      "padding", "what stands on each side, from 0 to half of the kernel", default: "0"),
  ]
  static let pooling: [ArgumentDescription] = [
    .kernel,
    ArgumentDescription(
      "stride", "how far the window moves at a time: a number from 1, or [height, width]",
      default: "the kernel"),
    ArgumentDescription(
      "padding",
      "what stands on each side, at most half of the kernel: a number, or "
        + "[height, width]", default: "0"),
  ]
}

extension ArgumentDescription {
  static let kernel = ArgumentDescription("kernel", "its size: a number from 1, or [height, width]")
  static let padding = ArgumentDescription(
    "padding",
    "p, the zeros on each side: a number, [height, width], or `same` for as many as "
      + "keep the size", default: "0")
  static let dilation = ArgumentDescription(
    "dilation", "d, how far the kernel's elements are apart: a number from 1, or [height, width]",
    default: "1")
  static let groups = ArgumentDescription(
    "groups", "the parts into which the channels are divided, from 1", default: "1")
}

extension Arguments {
  var channels: Int {
    get throws(ArgumentError) { try integer("channels", in: 1...maximumSize) }
  }

  var groups: Int {
    get throws(ArgumentError) { try integer("groups", in: 1...maximumSize, default: 1) }
  }

  /// A number for both axes of a plane, or `[height, width]`.
  func extent(
    _ key: String, from lowest: Int = 1, default defaultValue: Extent? = nil
  ) throws(ArgumentError) -> Extent {
    let expected = "a whole number from \(lowest) to \(maximumSize), or two of them"
    let sizes = try integers(
      key, in: lowest...maximumSize, counts: 1...2, expected: expected,
      default: defaultValue.map { [$0.height, $0.width] })
    return Extent(sizes[0], sizes[sizes.count - 1])
  }

  /// A number along the only axis.
  func length(_ key: String, default defaultValue: Int? = nil) throws(ArgumentError) -> Int {
    try integer(key, in: 1...maximumSize, default: defaultValue)
  }

  /// The same, or nil where it isn't given.
  func optionalExtent(_ key: String) throws(ArgumentError) -> Extent? {
    self[key] == nil ? nil : try extent(key)
  }

  /// The same along the only axis, or nil where it isn't given.
  func optionalLength(_ key: String) throws(ArgumentError) -> Int? {
    try optionalInteger(key, in: 1...maximumSize)
  }

  /// The zeros around a plane; `same` is understood.
  func padding() throws(ArgumentError) -> Padding {
    if self["padding"] == .text("same") { return .same }
    return .zeros(try extent("padding", from: 0, default: 0))
  }

  /// The zeros before and behind; nil for `same`.
  func paddingOfLength() throws(ArgumentError) -> Int? {
    if self["padding"] == .text("same") { return nil }
    return try integer("padding", in: 0...maximumSize, default: 0)
  }
}
