import Foundation
import GzipIO

/// How figures and names are put in messages.
package enum Wording {
  /// A number with two significant digits: `0.3`, `41`, `5,100`, `3e-9`.
  package static func short(_ value: Double) -> String {
    guard value.isFinite else { return value.isNaN ? "NaN" : value > 0 ? "∞" : "−∞" }
    guard value != 0 else { return "0" }
    let exponent = Int(floor(log10(abs(value))))
    if exponent < -3 || exponent > 4 {
      return scientific(value)
    }
    let unit = pow(10.0, Double(exponent - 1))
    let rounded = (value / unit).rounded() * unit
    return decimal(rounded, places: max(0, 1 - exponent))
  }

  /// A number with `places` decimals at most, trailing zeros left out.
  package static func decimal(_ value: Double, places: Int) -> String {
    var text = String(format: "%.\(places)f", value)
    if text.contains(".") {
      while text.hasSuffix("0") { text.removeLast() }
      if text.hasSuffix(".") { text.removeLast() }
    }
    if text == "-0" { return "0" }
    return grouped(text)
  }

  /// A difference of logarithms with one decimal: `7.5`.
  package static func decades(_ value: Double) -> String {
    String(format: "%.1f", abs(value) < 0.05 ? 0 : value)
  }

  /// Decades as a factor: `a factor of 3e7`.
  package static func factor(_ decades: Double) -> String {
    "a factor of \(short(pow(10, decades)))"
  }

  /// A loss with three significant digits: `2.31`, `0.0714`, `4.33e+4`.
  package static func loss(_ value: Double) -> String {
    guard value.isFinite, value != 0 else { return short(value) }
    let exponent = Int(floor(log10(abs(value))))
    guard (-4...4).contains(exponent) else { return scientific(value) }
    return grouped(String(format: "%.\(max(0, 2 - exponent))f", value))
  }

  /// A share in percent: `84 %`.
  package static func percent(_ share: Double) -> String {
    "\(short(share * 100)) %"
  }

  /// An accuracy in percent with one decimal, which no line break parts: `97.8 %`.
  package static func accuracy(_ share: Double) -> String {
    String(format: "%.1f\u{a0}%%", share * 100)
  }

  /// How far an update moves weights, by its size next to theirs after it: `0.6 times its own size`.
  ///
  /// What is many times as large as the weights were stands at about their size afterwards.
  package static func movement(_ ratio: Double, ofMany: Bool = false) -> String {
    guard (0.95...1.05).contains(ratio) else {
      return "\(short(ratio)) times \(ofMany ? "their" : "its") own size"
    }
    return "as much as \(ofMany ? "they" : "all its weights") amount to, or more"
  }

  /// A whole number with its thousands grouped: `4,096`.
  package static func count(_ value: Int) -> String { value.grouped }

  /// A number of steps: `1 step`, `1,200 steps`.
  package static func steps(_ number: Int) -> String {
    number == 1 ? "1 step" : "\(number.grouped) steps"
  }

  /// Steps from the first to the last: `0 to 4`.
  package static func range(_ steps: ClosedRange<Int>) -> String {
    steps.count == 1
      ? count(steps.lowerBound) : "\(count(steps.lowerBound)) to \(count(steps.upperBound))"
  }

  /// A layer's name in a sentence; one that could be read as a word of it stands in quotes: `dense-1`, `‘first’`.
  package static func name(_ name: String) -> String {
    name.allSatisfy(\.isLetter) && !name.isEmpty ? "‘\(name)’" : name
  }

  /// The names of layers in their order, a long list cut short: `dense-1 … dense-8`, `a1 and b1`, `a1, b1 and 5 more`.
  package static func list(_ layers: [String], contiguous: Bool) -> String {
    joined(layers.map(name), contiguous: contiguous)
  }

  /// Texts in their order, a long list cut short.
  package static func joined(_ names: [String], contiguous: Bool = false) -> String {
    switch names.count {
    case 0: "no layer"
    case 1: names[0]
    case 2: "\(names[0]) and \(names[1])"
    default:
      contiguous
        ? "\(names[0]) … \(names[names.count - 1])"
        : "\(names[0]), \(names[1]) and \(names.count - 2) more"
    }
  }

  /// The name of a symptom in a sentence: `vanishing gradient`, `dead ReLU`.
  package static func symptom(_ id: String) -> String {
    switch id {
    case "dead-relu": "dead ReLU"
    case "non-finite": "non-finite values"
    default: id.split(separator: "-").joined(separator: " ")
    }
  }

  /// Text that begins a sentence; δ stays what it is, as Δ means another thing.
  package static func capitalized(_ text: String) -> String {
    text.hasPrefix("δ") ? text : text.prefix(1).uppercased() + text.dropFirst()
  }

  private static func scientific(_ value: Double) -> String {
    let parts = String(format: "%.1e", value).split(separator: "e")
    guard parts.count == 2, let exponent = Int(parts[1]) else { return String(value) }
    let mantissa = parts[0].hasSuffix(".0") ? parts[0].dropLast(2) : parts[0]
    return "\(mantissa)e\(exponent)"
  }

  private static func grouped(_ text: String) -> String {
    let sign = text.hasPrefix("-") ? "-" : ""
    let parts = text.dropFirst(sign.count).split(separator: ".", omittingEmptySubsequences: false)
    guard let whole = parts.first.flatMap({ Int($0) }) else { return text }
    return sign + whole.grouped + (parts.count > 1 ? "." + parts[1] : "")
  }
}
