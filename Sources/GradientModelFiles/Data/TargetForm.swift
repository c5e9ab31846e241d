import Backpropagation
import GzipIO

/// What the numbers of a target stand for.
struct TargetForm: Sendable {
  /// The classes' names; nil where the numbers are numbers.
  private let names: [String]?
  /// The class of each number that isn't its own.
  private let classes: [Double: Int]
  /// The largest class that there is.
  let largestClass: Int?
  /// What they are in words: `3 classes`.
  let description: String

  private static let tooLarge = 1 << 20

  /// What stands for no target: padding.
  var padding: Double { names == nil ? 0 : .nan }

  /// The targets that these numbers are, `perExample` of them for each example.
  ///
  /// One that is missing becomes 0: its row is left out, or it is padding.
  func targets(_ numbers: [Double], perExample: Int) -> Targets {
    guard let names else { return .values(numbers, perExample: perExample) }
    let places = numbers.map { number in
      number.isNaN ? 0 : (classes.isEmpty ? Int(exactly: number) : classes[number]) ?? -1
    }
    return .classes(places, names: names, perExample: perExample)
  }
}

extension TargetForm {
  /// Numbers that are numbers, so many for each example.
  init(numbers width: Int) {
    self.init(
      names: nil, classes: [:], largestClass: nil,
      description: width == 1 ? "numbers" : "\(width) numbers each")
  }

  /// Numbers that are classes already, each with its name.
  init(classes names: [String], description: String? = nil) {
    self.init(
      names: names, classes: [:], largestClass: names.count - 1,
      description: description ?? classCount(names))
  }

  /// Finds out what a table's numbers stand for; an example may have a class at each of `positions`.
  init(
    of source: SourceTable, as labels: CSVSource.Labels, positions: Int = 1
  ) throws(InputError) {
    let width = source.width
    guard source.names.isEmpty else {
      self.init(classes: source.names)
      return
    }
    let mayBeClasses =
      labels != .numbers && (width == 1 || labels == .classes && width == positions)
    guard mayBeClasses else {
      guard labels != .classes else {
        throw InputError(
          file: source.file, "\(width) target columns, expected one that holds classes")
      }
      self.init(numbers: width)
      return
    }
    var distinct: Set<Double> = []
    var present = 0
    var wrong: Double?
    try source.table.forEachPart { numbers throws(InputError) in
      for number in numbers where !number.isNaN {
        present += 1
        if number.rounded() != number || abs(number) >= Double(Self.tooLarge) {
          wrong = min(wrong ?? number, number)
        } else {
          distinct.insert(number)
        }
      }
    }
    let sorted = distinct.sorted()
    if labels == .automatic {
      let isNumbering = sorted.enumerated().allSatisfy { Double($0.offset) == $0.element }
      guard wrong == nil, isNumbering, sorted.count >= 2, present >= 2 * sorted.count else {
        self.init(numbers: width)
        return
      }
    }
    if let wrong {
      throw InputError(
        file: source.file, "a target is \(wrong), expected a class: a whole number")
    }
    guard sorted.first != 0 else {
      let largest = Int(sorted.last ?? 0)
      self.init(
        names: [], classes: [:], largestClass: largest, description: (largest + 1).counted("class"))
      return
    }
    // Numbers that don't begin with 0 are names of classes.
    let names = sorted.map { "\(Int($0))" }
    self.init(
      names: names,
      classes: Dictionary(uniqueKeysWithValues: sorted.enumerated().map { ($1, $0) }),
      largestClass: names.count - 1, description: classCount(names))
  }
}

/// `3 classes (0 setosa, 1 versicolor, 2 virginica)`, of many only the first.
private func classCount(_ names: [String]) -> String {
  let shown = names.prefix(10).enumerated().map { "\($0) \($1.shortened.quotable)" }
  let rest = names.count > shown.count ? ", …" : ""
  return "\(names.count.counted("class")) (\(shown.joined(separator: ", "))\(rest))"
}
