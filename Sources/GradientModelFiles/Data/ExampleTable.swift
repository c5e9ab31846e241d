import Backpropagation
import GzipIO

/// The examples of a data section, which are put together from the tables' rows when they are asked for.
struct ExampleTable: ExampleStore {
  /// An input of the network.
  struct Input: Sendable {
    var name: String
    var shape: Shape
    var table: NumberTable
    var hasGaps = false
    var preparation = InputPreparation()
  }

  /// What one of the losses aims at.
  struct Target: Sendable {
    /// The numbers; nil where the first input is the target.
    var table: NumberTable?
    var form: TargetForm
    /// Whether each row of a sequence has its own.
    var isOfEachRow = false
  }

  var inputs: [Input]
  var targets: [Target]
  var rows: ExampleRows
  /// Holds examples against the network.
  let check: @Sendable (Dataset) throws(InputError) -> Void

  /// About as many numbers are looked at together.
  private static let mostNumbers = 1 << 17

  var count: Int { rows.count }

  func examples(_ indices: [Int]) throws(InputError) -> Dataset {
    let rows = rows.rows(of: indices), lengths = self.rows.lengths(of: indices)
    var features: [Dataset.Features] = []
    for input in inputs {
      var values = try self.values(of: input, indices)
      input.preparation.apply(to: &values, examples: indices.count, lengths: lengths)
      features.append(Dataset.Features(name: input.name, shape: input.shape, values: values))
    }
    var sets: [Targets] = []
    for target in targets {
      guard let table = target.table else {
        sets.append(.values(features[0].values, perExample: features[0].shape.count))
        continue
      }
      if target.isOfEachRow {
        let numbers = self.rows.padded(
          try table.numbers(of: rows), width: table.width, of: indices, with: target.form.padding)
        sets.append(target.form.targets(numbers, perExample: self.rows.steps * table.width))
      } else {
        let numbers = try table.numbers(of: self.rows.firstRows(of: indices))
        sets.append(target.form.targets(numbers, perExample: table.width))
      }
    }
    let data = Dataset(features: features, targetSets: sets, lengths: lengths)
    try check(data)
    return data
  }

  /// The class of each example, where the first loss takes one of each.
  func classes() throws(InputError) -> [Int32]? {
    guard let target = targets.first, let table = target.table, target.form.largestClass != nil,
      table.width * (target.isOfEachRow ? rows.steps : 1) == 1
    else { return nil }
    var classes: [Int32] = []
    classes.reserveCapacity(count)
    try forEachPart(of: Array(0..<UInt32(count))) { part throws(InputError) in
      let numbers = try table.numbers(of: rows.firstRows(of: part))
      guard case .classes(let places, _, _) = target.form.targets(numbers, perExample: 1) else {
        return
      }
      classes += places.map { Int32($0) }
    }
    return classes
  }

  func readAhead(_ indices: [Int]) {
    let rows = rows.rows(of: indices)
    for input in inputs { input.table.readAhead(rows) }
    for target in targets { target.table?.readAhead(rows) }
  }

  /// The numbers of an input as they were read, with padding.
  private func values(of input: Input, _ indices: [Int]) throws(InputError) -> [Double] {
    rows.padded(
      try input.table.numbers(of: rows.rows(of: indices)), width: input.table.width, of: indices)
  }

  /// Goes through some examples, a part of them at a time.
  func forEachPart(
    of examples: [UInt32], _ body: ([Int]) throws(InputError) -> Void
  ) throws(InputError) {
    let size = inputs.reduce(1) { $0 + $1.shape.count }
    let step = max(1, Self.mostNumbers / size)
    for start in stride(from: 0, to: examples.count, by: step) {
      try body(examples[start..<min(start + step, examples.count)].map { Int($0) })
    }
  }

  /// Fits what is done to the inputs' numbers to some examples; indices, which `except` names by their input, stay as they
  /// are.
  mutating func prepare(
    _ normalization: Normalization, fittedTo examples: [UInt32], except indices: Set<String> = []
  ) throws(InputError) {
    for place in inputs.indices {
      let input = inputs[place]
      var preparation = InputPreparation()
      func forEach(_ body: (UnsafeBufferPointer<Double>) -> Void) throws(InputError) {
        try forEachPart(of: examples) { part throws(InputError) in
          var values = try self.values(of: input, part)
          preparation.fillGaps(of: &values)
          let lengths = rows.lengths(of: part)
          let features = Dataset.Features(name: input.name, shape: input.shape, values: values)
          features.forEachExample(lengths: lengths, body)
        }
      }
      let isSequence = if case .sequences = rows { true } else { false }
      let width = isSequence ? input.shape.last : input.shape.count
      if input.hasGaps {
        var means = PresentMeans(features: width)
        try forEach { means.add($0) }
        preparation.means = means.means
      }
      preparation.scale = try InputScale(
        fitting: indices.contains(input.name) ? .none : normalization, features: width,
        forEach: forEach)
      inputs[place].preparation = preparation
    }
  }
}
