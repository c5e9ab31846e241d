// The arguments that several optimizers take.

extension ArgumentDescription {
  static func learningRate(_ value: Double) -> Self {
    Self("learning-rate", "α, a positive number", default: written(value))
  }

  static func betas(_ betas: Betas) -> Self {
    Self(
      "betas", "β₁ and β₂, from 0 to below 1",
      default: "[\(written(betas.first)), \(written(betas.second))]")
  }

  static func epsilon(_ value: Double) -> Self {
    Self("eps", "ε, not negative", default: written(value))
  }

  static func weightDecay(_ value: Double) -> Self {
    Self("weight-decay", "λ, not negative", default: written(value))
  }

  /// 0 rather than 0.0, as people write it.
  private static func written(_ value: Double) -> String {
    value == value.rounded() ? "\(Int(value))" : "\(value)"
  }
}

/// The decay rates of two running means, β₁ and β₂.
public struct Betas: Sendable, Equatable {
  /// β₁, of the gradient.
  public var first: Double
  /// β₂, of its square or, in Lion, of the momentum.
  public var second: Double

  /// Creates a pair.
  public init(_ first: Double, _ second: Double) {
    self.first = first
    self.second = second
  }
}

extension Arguments {
  /// A number from 0 on.
  func notNegative(_ key: String, default value: Double) throws(ArgumentError) -> Double {
    try number(key, default: value, expected: "0 or more") { $0 >= 0 }
  }

  /// A number from 0 to below 1.
  func share(_ key: String, default value: Double) throws(ArgumentError) -> Double {
    try number(key, default: value, expected: "from 0 to below 1") { (0..<1).contains($0) }
  }

  /// `[β₁, β₂]`.
  func betas(default value: Betas) throws(ArgumentError) -> Betas {
    guard let written = self["betas"] else { return value }
    func share(_ value: ArgumentValue) -> Double? {
      let number: Double? =
        switch value {
        case .integer(let number): Double(number)
        case .number(let number): number
        default: nil
        }
      return number.flatMap { (0..<1).contains($0) ? $0 : nil }
    }
    guard case .list(let list) = written, list.count == 2, let first = share(list[0]),
      let second = share(list[1])
    else { throw unfitting("betas", written, "two numbers from 0 to below 1") }
    return Betas(first, second)
  }
}
