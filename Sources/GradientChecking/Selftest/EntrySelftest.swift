import Backpropagation
import GzipIO

/// A single wrong entry in tensors of ten to a million entries, at every magnitude of the tensor: it must be caught, and
/// called by its index.
package struct EntrySelftest: Sendable {
  /// What came of one wrong entry.
  package struct Trial: Sendable {
    package var subject: String
    /// The entries of the tensor.
    package var entries: Int
    package var mistake: EntryMistake
    /// The size of the tensor beside those of its layer's other gradients.
    package var scale: Double
    package var method: CheckMethod
    package var isCaught: Bool
    /// Whether the entry is the one that fails, and no other.
    package var isLocated: Bool
    /// Whether how far off it is, or that it is zero, is said.
    package var isNamed: Bool
    /// The indices that were expected, and found to agree least.
    package var index: [Int]
    package var found: [Int]?
  }

  package let seed: UInt64
  package let sizes: [Int]
  package let trials: [Trial]
  /// The right tensors that were not passed, or could not be made.
  package let faults: [String]

  /// What is done to the entry.
  package static let mistakes: [EntryMistake] = [.off(1e-6), .off(1e-3), .zeroed, .negated]
  /// An entry that is wrong by less is no mistake that the checker promises to find, in root mean squares of its tensor.
  static let leastDistance = 1e-6

  /// Plants each mistake at a random place of each tensor, at each magnitude; where `scales` is given, at those alone.
  package init(
    seed: UInt64 = 1, sizes: [Int], scales: [Double] = Selftest.scales,
    mistakes: [EntryMistake] = mistakes, method: CheckMethod = .automatic
  ) {
    var trials: [Trial] = [], faults: [String] = []
    for subject in sizes.flatMap(EntrySubject.subjects) {
      for scale in scales {
        let name = "\(subject.id) of \(subject.entries.grouped) entries at magnitude \(scale)"
        do {
          let bench = try EntryBench(subject, scale: scale, method: method, seed: seed)
          if !bench.passesWhatIsRight { faults.append("\(name), right, was not passed") }
          trials += try mistakes.map { mistake throws(ShapeError) in try bench.trial(mistake) }
        } catch { faults.append("\(name) \(error.message)") }
      }
    }
    self.seed = seed
    self.sizes = sizes
    self.trials = trials
    self.faults = faults
  }

  /// Whether every wrong entry is called by its index, and every right tensor passed.
  package var hasPassed: Bool {
    !trials.isEmpty && faults.isEmpty && trials.allSatisfy { $0.isCaught && $0.isLocated }
      && Double(trials.count(where: \.isNamed)) >= Selftest.leastNamed * Double(trials.count)
  }
}

/// One tensor at one magnitude.
private struct EntryBench {
  let subject: EntrySubject
  let scale: Double
  let method: CheckMethod
  let seed: UInt64
  private let right: Variable

  init(
    _ subject: EntrySubject, scale: Double, method: CheckMethod, seed: UInt64
  ) throws(ShapeError) {
    self.subject = subject
    self.scale = scale
    self.method = method
    self.seed = seed
    guard let right = try subject.weight(scale: scale, method: method, seed: seed) else {
      throw ShapeError("has no weight")
    }
    self.right = right
  }

  private func check(_ variable: Variable) -> TensorCheck {
    var source = RandomSource(seed: seed, stream: "entries/\(variable.name)")
    return TensorChecker(variable: variable).checkEntries(
      batch: EntrySubject.examples, method: method, from: &source)
  }

  var passesWhatIsRight: Bool {
    let check = check(right)
    return check.failed == 0 && check.unverifiable == 0 && check.passed > 0
  }

  func trial(_ mistake: EntryMistake) throws(ShapeError) -> EntrySelftest.Trial {
    let place = place(for: mistake), index = right.index(of: place)
    let distance = mistake.distance(of: right.gradient[place] / right.gradientRMS)
    let wrong = try subject.weight(mistake, at: place, scale: scale, method: method, seed: seed)
    let check = wrong.map(check)
    let isLocated = check?.failed == 1 && check?.worst?.index == index
    let isNamed =
      switch check?.recognized {
      case .zeroEntries: mistake == .zeroed
      case .oneEntry(let said): mistake != .zeroed && abs(said / distance - 1) < 1e-2
      default: false
      }
    return EntrySelftest.Trial(
      subject: subject.id, entries: subject.entries, mistake: mistake, scale: scale,
      method: method, isCaught: (check?.failed ?? 0) > 0, isLocated: isLocated, isNamed: isNamed,
      index: index, found: check?.worst?.index)
  }

  /// A random place at which the mistake makes enough of a difference.
  private func place(for mistake: EntryMistake) -> Int {
    let count = right.gradient.count
    var source = RandomSource(seed: seed, stream: "place/\(subject.id)/\(mistake)/\(scale)")
    let start = source.below(count)
    return (0..<count).lazy.map { (start + $0) % count }.first { place in
      mistake.distance(of: right.gradient[place] / right.gradientRMS)
        >= EntrySelftest.leastDistance
    } ?? start
  }
}
