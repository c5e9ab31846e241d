import GRDB

/// The rows of the table `step`: the scalars of a step as a whole, one row a step.
enum StepRows {
  static let columns = """
    step, epoch, loss, validation_loss, learning_rate, clip_factor, examples, loss_divisor, \
    optimizer
    """

  /// An insertion of rows.
  static func insertion(into db: Database) throws -> Insertion {
    try Insertion("INSERT INTO step VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", db)
  }

  static func insert(_ step: StepRecord, id: Int64, by insertion: inout Insertion) throws {
    insertion.bind(id)
    insertion.bind(step.step)
    insertion.bind(step.epoch)
    insertion.bind(step.loss)
    insertion.bind(step.validationLoss)
    insertion.bind(step.learningRate)
    insertion.bind(step.clipFactor)
    insertion.bind(step.examples)
    insertion.bind(step.lossDivisor)
    insertion.bind(step.optimizer)
    try insertion.insertRow()
  }

  /// Reads a row whose columns from `offset` on are ``columns``; nil if it has no number.
  ///
  /// `layers` is what the step has recorded so far of each layer: nothing.
  static func read(
    _ row: Selection.Cells, from offset: Int32, layers: [LayerRecord?]
  ) -> StepRecord? {
    guard let step = row.count(offset) else { return nil }
    return StepRecord(
      step: step, epoch: row.count(offset + 1), loss: row.real(offset + 2),
      validationLoss: row.real(offset + 3), learningRate: row.real(offset + 4),
      clipFactor: row.real(offset + 5), examples: row.count(offset + 6),
      lossDivisor: row.real(offset + 7), optimizer: row.text(offset + 8),
      layers: layers)
  }
}

/// A number on its way into SQLite, which knows no NaN: that is stored as the text `NaN`.
struct Real: DatabaseValueConvertible {
  var value: Double

  init(_ value: Double) { self.value = value }

  var databaseValue: DatabaseValue {
    value.isNaN ? "NaN".databaseValue : value.databaseValue
  }

  static func fromDatabaseValue(_ value: DatabaseValue) -> Real? {
    switch value.storage {
    case .double(let number): Real(number)
    case .int64(let number): Real(Double(number))
    case .string("NaN"): Real(.nan)
    default: nil
    }
  }
}

extension Row {
  /// The number in a column, or nil where there is none.
  func real(_ column: Int) -> Double? {
    Real.fromDatabaseValue(self[column])?.value
  }

  /// The whole number from 0 in a column, or nil where there is none.
  func count(_ column: Int) -> Int? {
    guard case .int64(let number) = (self[column] as DatabaseValue).storage, number >= 0 else {
      return nil
    }
    return Int(number)
  }

  /// The text in a column, or nil where there is none.
  func text(_ column: Int) -> String? {
    guard case .string(let text) = (self[column] as DatabaseValue).storage else { return nil }
    return text
  }
}
