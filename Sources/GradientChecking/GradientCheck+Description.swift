import Backpropagation
import Foundation
import GzipIO

extension GradientCheck: CustomStringConvertible {
  /// The text that `gradcheck check` prints: the tensors that fail, worst layer first, then how much is right.
  public var description: String {
    var lines = [obstacle].compactMap { $0 }.flatMap { Self.lines("?", $0) }
    lines += failures.flatMap(lines(for:))
    lines += tensors.filter { $0.failed == 0 && isBlind($0) }.flatMap { tensor in
      Self.lines(
        "?", tensor.name,
        "\(tensor.unverifiable.grouped) of \(tensor.checked.grouped) entries too small against "
          + "the noise to say")
    }
    let right = tensors.filter { $0.failed == 0 && !isBlind($0) }
    let alone = right.filter { !$0.isWholeNetwork }, whole = right.filter(\.isWholeNetwork)
    if !alone.isEmpty {
      let other = alone.count < tensors.count { !$0.isWholeNetwork } ? "other " : ""
      lines += Self.lines(
        "pass",
        "\(alone.count) \(other)\(alone.count == 1 ? "tensor" : "tensors") (\(coverage(alone)))"
          + kinks(alone))
    }
    if !whole.isEmpty {
      let directions = whole.reduce(0) { $0 + $1.checked }
      lines += Self.lines(
        "pass",
        "the whole network's wiring (\(directions.grouped) directions)" + kinks(whole))
    }
    lines += notes.flatMap { Self.lines("note", $0) }
    return lines.joined(separator: "\n")
  }

  /// A mark and a text, broken to 80 columns.
  private static func lines(_ mark: String, _ text: String) -> [String] {
    text.lines(ofWidth: 71).enumerated().map { number, line in
      let start = number == 0 ? mark : ""
      return "  " + start + String(repeating: " ", count: 7 - start.count) + line
    }
  }

  /// A mark, a name, and beside it or below it a text, broken to 80 columns.
  private static func lines(_ mark: String, _ name: String, _ text: String) -> [String] {
    let start = lines(mark, "")[0] + name
    let line = start + "   " + text
    return line.count <= 80 ? [line] : [start] + lines("", text)
  }

  private func isBlind(_ tensor: TensorCheck) -> Bool {
    Double(tensor.unverifiable) > mostUnverifiable * Double(tensor.checked)
  }

  /// `1,437 entries`, or where larger tensors were sampled `9,912 of 50,570 entries`.
  private func coverage(_ tensors: [TensorCheck]) -> String {
    let checked = tensors.reduce(0) { $0 + $1.checked }
    let count = tensors.reduce(0) { $0 + $1.count }
    let unverifiable = tensors.reduce(0) { $0 + $1.unverifiable }
    return (checked < count ? "\(checked.grouped) of \(count.grouped)" : count.grouped) + " entries"
      + (unverifiable > 0 ? ", \(unverifiable.grouped) of them too small to say" : "")
  }

  /// `, 3 of them at a kink: relu-2, unit 17`.
  private func kinks(_ tensors: [TensorCheck]) -> String {
    let count = tensors.reduce(0) { $0 + $1.atKink }
    guard count > 0 else { return "" }
    let place = tensors.lazy.flatMap(\.entries).compactMap(\.kink).first
    let others = count > 1 ? ", and others" : ""
    return ", \(count.grouped) of them at a kink" + (place.map { ": \($0)\(others)" } ?? "")
  }

  private func lines(for tensor: TensorCheck) -> [String] {
    let noun = tensor.isWholeNetwork ? "directions" : "entries"
    let total = tensor.isWholeNetwork ? tensor.checked : tensor.count
    let head = "\(tensor.name)   \(tensor.failed.grouped) of \(total.grouped) \(noun)"
    var lines =
      tensor.signature.map { Self.lines("FAIL", head, $0) } ?? [Self.lines("FAIL", "")[0] + head]
    if let worst = tensor.worst {
      let place = worst.index.isEmpty ? "along a direction" : "\(worst.index)"
      lines += Self.lines(
        "", "\(place): analytic \(worst.analytic.significant), numeric \(worst.numericText)")
    }
    if let broken = broken(by: tensor) { lines += Self.lines("", broken) }
    if let cause = tensor.likelyCause { lines += Self.lines("", "Likely: \(cause).") }
    return lines
  }

  /// Which equation a tensor's gradient breaks, and where else it holds.
  private func broken(by tensor: TensorCheck) -> String? {
    guard let equation = tensor.equation else { return nil }
    let others = failures.contains { $0.layer != tensor.layer }
    let isAlone = tensors.allSatisfy { $0.layer == tensor.layer }
    let recursion = tensors.filter {
      $0.layer == tensor.layer && $0.name.contains("/input") && $0.failed == 0
    }
    var text = "Breaks equation \(equation.rawValue), \(equation.formula)"
    if !others, !isAlone { text += ", in this layer only" }
    if equation != .recursion, !others, !recursion.isEmpty {
      text += "; the deltas below it are right"
    }
    return text + "."
  }
}

extension EntryCheck {
  /// What the oracles say: `0.4206 ± 1e-11 (finite difference), 0.4206 (dual)`.
  fileprivate var numericText: String {
    let difference =
      oracle == .finiteDifference
      ? SecondOpinion(numeric: numeric, floor: floor, step: step) : secondOpinion
    let parts = [
      difference.map { "\($0.numeric.significant) ± \($0.floor.power) (finite difference)" },
      oracle == .dual ? "\(numeric.significant) (dual)" : nil,
      oracle == .taylor ? "\(numeric.significant) (Taylor remainder)" : nil,
    ]
    return parts.compactMap(\.self).joined(separator: ", ")
  }
}

extension Double {
  /// Four digits: `0.8412`, `1.231e-09`.
  fileprivate var significant: String { String(format: "%.4g", self) }
  /// The order of magnitude: `1e-11`.
  fileprivate var power: String { String(format: "%.0e", self) }
  /// With a fixed number of decimals, or four digits where that would show none of them.
  func formatted(decimals: Int) -> String {
    abs(self) >= 0.1 && abs(self) < 1e4 ? String(format: "%.\(decimals)f", self) : significant
  }
}
