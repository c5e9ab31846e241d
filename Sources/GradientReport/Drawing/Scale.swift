import Foundation

/// How values become places along an axis, and which of them the axis names.
package struct Scale: Sendable, Equatable {
  /// What a value stands for.
  package enum Kind: Sendable, Equatable {
    /// Itself.
    case linear
    /// A count of steps: ticks are whole.
    case steps
    /// The decimal logarithm of what the axis names.
    case exponent
    /// What ``SymmetricLog`` makes of what the axis names: signs and powers of ten.
    case symmetric(SymmetricLog)
  }

  package var kind: Kind
  package var domain: ClosedRange<Double>

  /// A place on the axis that has a name.
  package struct Tick: Sendable, Equatable {
    package var value: Double
    package var label: String
  }

  /// Creates a scale over `domain`; one of no extent is widened.
  package init(_ kind: Kind, _ domain: ClosedRange<Double>) {
    self.kind = kind
    let extent = domain.upperBound - domain.lowerBound
    let least = max(abs(domain.upperBound) * 1e-9, kind == .linear ? 1e-300 : 1e-3)
    if extent >= least {
      self.domain = domain
    } else {
      let half = kind == .linear ? max(abs(domain.upperBound) / 2, 1e-12) : 0.5
      self.domain = domain.lowerBound - half...domain.upperBound + half
    }
  }

  /// The scale over `values` with `padding` of their extent to spare at either end, or nil if there are none.
  package init?(_ kind: Kind, covering values: some Sequence<Double>, padding: Double = 0.05) {
    var low = Double.infinity
    var high = -Double.infinity
    for value in values where value.isFinite {
      low = min(low, value)
      high = max(high, value)
    }
    guard low <= high, (high - low).isFinite else { return nil }
    let spare = (high - low) * padding
    self.init(kind, low - spare...high + spare)
  }

  /// The place of `value`: 0 at the lower end, 1 at the upper.
  package func fraction(_ value: Double) -> Double {
    (value - domain.lowerBound) / (domain.upperBound - domain.lowerBound)
  }

  /// At most `limit` round values within the domain: in steps of 1, 2 or 5 times a power of ten, or at decades.
  package func ticks(limit: Int) -> [Tick] {
    if case .symmetric(let places) = kind { return places.ticks(within: domain, limit: limit) }
    let least = kind == .linear ? -300.0 : 0
    var power = max(least, log10(extent / Double(limit)).rounded(.down))
    while true {
      for digit in kind == .exponent && power == 0 ? [1.0, 2, 3, 5] : [1.0, 2, 5] {
        let ticks = ticks(every: digit * pow(10, power))
        guard ticks.count <= limit else { continue }
        return kind == .exponent && ticks.count < 2 ? withinDecades(limit: limit) : ticks
      }
      power += 1
    }
  }

  private func ticks(every step: Double) -> [Tick] {
    let first = (domain.lowerBound / step - 1e-9).rounded(.up)
    let last = (domain.upperBound / step + 1e-9).rounded(.down)
    guard first <= last else { return [] }
    return stride(from: first, through: last, by: 1).map { index in
      let value = index == 0 ? 0 : index * step
      let place = min(max(value, domain.lowerBound), domain.upperBound)
      return Tick(value: place, label: label(value, step: step))
    }
  }

  /// Ticks at 1, 2 and 5 times powers of ten, for an axis too short to hold two decades.
  private func withinDecades(limit: Int) -> [Tick] {
    let low = Int(domain.lowerBound.rounded(.down))
    let candidates = (low...low + 2).flatMap { decade in
      [1.0, 2, 5].map { (decade: decade, digit: $0, value: Double(decade) + log10($0)) }
    }
    let ticks = candidates.filter { domain.contains($0.value) }
      .map { Tick(value: $0.value, label: Self.mark($0.digit, $0.decade)) }
    guard (2...limit).contains(ticks.count) else {
      let values = (0..<3).map { domain.lowerBound + (0.1 + 0.4 * Double($0)) * extent }
      return values.map { Tick(value: $0, label: String(format: "%.3g", pow(10, $0))) }
    }
    return ticks
  }

  private var extent: Double { domain.upperBound - domain.lowerBound }

  private func label(_ value: Double, step: Double) -> String {
    switch kind {
    case .linear: value.formatted(step: step)
    case .steps: value.shortCount
    case .exponent, .symmetric: Self.powerOfTen(Int(value))
    }
  }

  /// A power of ten as it is written on an axis: 0.01, 1, 100, 1e-6.
  package static func powerOfTen(_ exponent: Int) -> String { mark(1, exponent) }

  /// A digit times a power of ten: 0.02, 5, 200, 2e-6.
  private static func mark(_ digit: Double, _ exponent: Int) -> String {
    guard (-2...3).contains(exponent) else { return "\(Int(digit))e\(exponent)" }
    return (digit * pow(10, Double(exponent))).formatted(step: pow(10, Double(min(exponent, 0))))
  }
}
