public import GradientDiagnosis

/// How a model's activations, deltas and first updates change as it is made wider or deeper.
///
/// A model whose scales don't depend on its size can be tuned small and trained large. Activations and δ are those of the
/// first pass; the change is that of a layer's output over the first few steps, which tells whether a learning rate suits
/// another width too: the coordinate check of maximal update parametrization (Yang et al., 2022).
public struct Sweep: Sendable, Equatable {
  /// What was made larger and smaller.
  public enum Dimension: String, Sendable, CaseIterable, Codable {
    /// The units of every layer whose width is free.
    case width
    /// The blocks of a run of equal ones.
    case depth
  }

  /// What was measured.
  public enum Quantity: String, Sendable, CaseIterable, Codable {
    /// The root mean square of an output in the first pass.
    case activation
    /// The L2 norm of δ per example in the first pass.
    case delta
    /// The root mean square of the change of an output over the first steps.
    case change
  }

  /// What becomes of a quantity as the model gets larger.
  public enum Trend: String, Sendable, Codable {
    /// It stays as it is, within the limit.
    case steady
    /// It gets larger.
    case grows
    /// It gets smaller.
    case vanishes
    /// It is no number any more at some size.
    case diverges
    /// It was not measured, or is exactly zero.
    case unknown
  }

  /// One quantity of one layer at every size.
  public struct Line: Sendable, Equatable, Codable {
    /// What was measured.
    public var quantity: Quantity
    /// The layer's name; of a depth sweep what is compared: `last block / first block`.
    public var layer: String
    /// The median over the seeds at each size; nil where it is zero or no number.
    public var values: [Double?]
    /// The slope of its decimal logarithm: over that of the width, or over the number of blocks.
    public var slope: Double?
    /// Of a width sweep the part of the slope that the layer adds to what it reads; nil where that isn't judged.
    public var ownSlope: Double?
  }

  /// What follows from the lines of one quantity.
  public struct Judgment: Sendable, Equatable {
    /// What was measured.
    public var quantity: Quantity
    /// What becomes of it.
    public var trend: Trend
    /// How much it matters; `info` for a trend that is usual, as that of the change with a fixed learning rate.
    public var severity: Severity
    /// The layers at fault, the one to look at first in front; none where nothing is.
    public var layers: [String]
    /// The slope that was judged; nil where there is none.
    public var slope: Double?
    /// The limit that it was held against.
    public var limit: Double
    /// What was found, in a sentence.
    public var message: String
    /// The setting behind it; nil for what is steady.
    public var cause: Cause?
    /// What to try, best first.
    public var remedies: [Remedy] = []
  }

  /// The sweep of one dimension.
  public struct Part: Sendable, Equatable {
    /// What was made larger and smaller.
    public var dimension: Dimension
    /// The factors of the width, or the numbers of blocks.
    public var sizes: [Double]
    /// What was scaled or repeated: `dense-1 and dense-2, 16 to 256 units`.
    public var subject: String
    /// What was measured, quantity by quantity.
    public var lines: [Line]
    /// What follows from it, one judgment a quantity.
    public var judgments: [Judgment]
  }

  /// What was swept, the width first.
  public var parts: [Part] = []
  /// What could not be swept, and what was left out.
  public var notes: [String] = []
  /// The examples of the batch.
  public var examples: Int
  /// The seeds that each size was started from.
  public var seeds: Int
  /// The steps that the change is measured over; nil where the model doesn't say how it is trained.
  public var steps: Int?
  /// The optimizer that takes them, with its learning rate.
  public var optimizer: String?

  /// The most severe judgment's severity, `info` where everything is steady.
  public var severity: Severity {
    parts.flatMap(\.judgments).map(\.severity).max() ?? .info
  }

  /// Whether anything but what is steady was found.
  public var hasTrend: Bool {
    parts.contains { part in part.judgments.contains { $0.trend != .steady && $0.trend != .unknown }
    }
  }
}

extension Sweep.Part {
  /// The sizes as they are written: `×1/4`, `×2`, or `3`.
  package var labels: [String] {
    sizes.map { size in
      guard dimension == .width else { return "\(Int(size))" }
      return size < 1 ? "×1/\(Int((1 / size).rounded()))" : "×\(Int(size))"
    }
  }

  /// The lines of one quantity.
  package func lines(of quantity: Sweep.Quantity) -> [Sweep.Line] {
    lines.filter { $0.quantity == quantity }
  }
}

extension Sweep.Quantity {
  /// What it is, at the head of a table.
  package func title(steps: Int?) -> String {
    switch self {
    case .activation: "output at the start, RMS"
    case .delta: "δ at the start, L2 per example"
    case .change: "change of the output in \(steps ?? 0) steps, RMS"
    }
  }

  /// What it is in one word, as the label of a row.
  package var name: String {
    switch self {
    case .activation: "Output"
    case .delta: "δ"
    case .change: "Change"
    }
  }
}
