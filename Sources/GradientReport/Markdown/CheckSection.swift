import Foundation
import GradientChecking
import GradientDiagnosis
import GzipIO

/// What a page tells of a gradient check: what fails, tensor by tensor, entry by entry, and what derivatives mean.
struct CheckSection {
  var check: GradientCheck
  var gallery: CheckGallery

  init(_ check: GradientCheck) {
    self.check = check
    gallery = CheckGallery(check)
  }

  /// A check in one line.
  var headline: String {
    switch check.verdict {
    case .pass: return "the gradients are right"
    case .fail where check.failures.isEmpty: return "the Hessian is not symmetric"
    case .fail: return "wrong gradient in \(failingLayers)"
    case .unverifiable: return "too small against the noise to say"
    }
  }

  /// The layers whose gradients fail.
  var failingLayers: String {
    let layers = check.failures.map(\.layer)
    let names = layers.enumerated().filter { !layers[..<$0.offset].contains($0.element) }
    return Wording.list(names.map(\.element), contiguous: false)
  }

  /// What is wrong with each tensor that fails, in words, the first ones.
  func failures(limit: Int) -> [String] {
    check.failures.prefix(limit).map { tensor in
      let noun = tensor.isWholeNetwork && tensor.checked != tensor.count ? "directions" : "entries"
      let signature = tensor.signature.map { ": \(Markdown.text($0))" } ?? ""
      let equation =
        tensor.equation.map { " It breaks equation \($0.rawValue), \(Markdown.text($0.formula))." }
        ?? ""
      let cause = tensor.likelyCause.map { " Likely: \(Markdown.text($0))." } ?? ""
      return
        "**Wrong.** \(Wording.count(tensor.failed)) of \(Wording.count(tensor.checked)) checked "
        + "\(noun) of \(Markdown.code(tensor.name)) differ from the numeric gradient\(signature)."
        + equation + cause
    }
  }

  /// Of a tensor, where that of an entry is another.
  private static let errorOfNorms = "relative error, ‖a − n‖ : (‖a‖ + ‖n‖)"

  /// One row a tensor.
  var tensorTable: [String] {
    let header = [
      "tensor", "entries", "checked", "right", "wrong", "too small to say", "at a kink",
      Self.errorOfNorms, "verdict",
    ]
    return Markdown.table(
      header,
      check.tensors.map { tensor in
        [
          Markdown.code(tensor.name), Wording.count(tensor.count), Wording.count(tensor.checked),
          Wording.count(tensor.passed), Wording.count(tensor.failed),
          Wording.count(tensor.unverifiable), Wording.count(tensor.atKink),
          tensor.relativeError.figures(2), tensor.verdict,
        ]
      })
  }

  /// The entries that agree least, over all tensors.
  func entryTable(limit: Int) -> [String] {
    let header = [
      "entry", "analytic a", "numeric n", "relative error, |a − n| : max(|a|, |n|)", "floor",
      "step", "finite difference",
      "kinks", "verdict",
    ]
    let named = check.tensors.flatMap { tensor in
      tensor.entries.map { (tensor: tensor, entry: $0) }
    }
    let ranked = named.filter { !$0.entry.index.isEmpty || $0.entry.verdict == .fail }
      .sorted { $0.entry.rank > $1.entry.rank }
    return Markdown.table(
      header,
      ranked.prefix(limit).map { tensor, entry in
        let place = entry.index.isEmpty ? ", along a direction" : "\(entry.index)"
        let second = entry.secondOpinion.map {
          "\($0.numeric.figures(6)) ± \($0.floor.figures(1)) at h = \($0.step.figures(1))"
        }
        return [
          Markdown.code(tensor.name + place), entry.analytic.figures(6), entry.numeric.figures(6),
          entry.relativeError.figures(2), entry.floor.figures(1),
          entry.step > 0 ? entry.step.figures(1) : "none (\(entry.oracle.rawValue))",
          second ?? "–", entry.kinkText ?? "–", entry.verdictText,
        ]
      })
  }

  /// The entries that have no derivative, and which decision changes there.
  func kinkTable(limit: Int) -> [String] {
    let kinks = check.tensors.flatMap { tensor in
      tensor.entries.filter(\.isAtKink).map { (tensor: tensor, entry: $0) }
    }
    return Markdown.table(
      ["entry", "analytic", "slope to one side", "slope to the other", "what changes there"],
      kinks.prefix(limit).map { tensor, entry in
        let place = entry.index.isEmpty ? ", along a direction" : "\(entry.index)"
        return [
          Markdown.code(tensor.name + place), entry.analytic.figures(6),
          entry.slopes.map { $0.lowerBound.figures(6) } ?? "–",
          entry.slopes.map { $0.upperBound.figures(6) } ?? "–", entry.kinkText ?? "–",
        ]
      })
  }

  /// One row an oracle.
  var oracleTable: [String] {
    var rows = check.tallies.map { tally in
      [
        tally.oracle.name, Wording.count(tally.checked), Wording.count(tally.agreed),
        Wording.count(tally.failed), Wording.count(tally.undecided),
        tally.worst == nil ? "–" : tally.relativeError.figures(2),
        tally.worst.map(Markdown.code) ?? "–",
      ]
    }
    if let float = check.float {
      rows.append([
        "Float against Double", float.tensors.counted("parameter"),
        float.agrees ? "all" : "–", float.agrees ? "0" : "–", "–", float.relativeError.figures(2),
        Markdown.code(float.tensor),
      ])
    }
    if let symmetry = check.secondOrder?.symmetry {
      rows.append([
        "symmetry of the Hessian", "\(symmetry.pairs.count) pairs",
        "\(symmetry.pairs.count { $0.verdict == .pass })",
        "\(symmetry.pairs.count { $0.verdict == .fail })",
        "\(symmetry.pairs.count { $0.verdict == .unverifiable })",
        symmetry.relativeError.figures(2), "–",
      ])
    }
    return Markdown.table(
      ["oracle", "asked", "agrees", "disagrees", "can't tell", Self.errorOfNorms, "worst in"], rows)
  }

  /// What the largest derivatives mean: the first overall in sentences, then the first of each tensor in a table.
  var effects: [String] {
    guard !check.effects.isEmpty else { return [] }
    let sentences = check.effects.prefix(3).map {
      "- \(Markdown.text($0.text.prefix(1).uppercased() + $0.text.dropFirst()))."
    }
    var seen: [String: Int] = [:]
    let each = check.effects.filter { effect in
      seen[effect.tensor, default: 0] += 1
      return seen[effect.tensor, default: 0] == 1
    }
    let rows = each.map { effect in
      [
        Markdown.code("\(effect.tensor)\(effect.index)"), effect.value.figures(3),
        effect.derivative.figures(3), effect.step.figures(1), effect.predicted.figures(3),
        effect.isVisible
          ? effect.measured.figures(3) + (effect.isAtKink ? " (a kink)" : "")
          : "hidden by rounding",
      ]
    }
    return [
      "The derivative of the error E by a weight w tells what a small change of w does: "
        + "E(w + Δw) − E(w) ≈ dE/dw · Δw. The weights whose change matters most:",
      sentences.joined(separator: "\n"), "And in each parameter:",
      Markdown.table(
        ["weight", "value w", "dE/dw", "Δw", "predicted change", "measured change"], rows
      ).joined(separator: "\n"),
    ]
  }

  /// The second order in words.
  var secondOrder: [String] {
    check.secondOrder.map { [$0.sentences.map(Markdown.text).joined(separator: " ")] } ?? []
  }
}

extension EntryCheck {
  /// Failures first, then by relative error; what has none, and kinks, last.
  fileprivate var rank: Double {
    if isAtKink || isNoise { return -1 }
    let error = relativeError.isFinite ? relativeError : 1
    return verdict == .fail ? 2 + error : error
  }

  /// Where the entry's kink is: `relu-2, unit 17, example 3`; nil where it has none.
  fileprivate var kinkText: String? {
    guard isAtKink else { return nil }
    return kink.map { "\(Markdown.text("\($0)")), example \($0.example)" } ?? "at one"
  }

  fileprivate var verdictText: String {
    if isAtKink { return "no derivative" }
    return switch verdict {
    case .pass: "right"
    case .fail: "**wrong**"
    case .unverifiable: "too small to say"
    }
  }
}

extension TensorCheck {
  fileprivate var verdict: String {
    if failed > 0 { return "**wrong**" }
    return checked > 0 && unverifiable == checked ? "not verifiable" : "right"
  }
}
