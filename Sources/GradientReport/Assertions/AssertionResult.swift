package import GradientChecking
package import GradientDiagnosis
package import GzipIO

/// What came of everything that was looked at in one subject: a model, or a recorded run.
package struct AssertionResult: Sendable {
  /// What the subject as a whole came to, the worst first.
  package enum Status: String, Sendable, CaseIterable {
    /// It could not be read.
    case unusable = "unreadable"
    /// A gradient is wrong, or something was found that fails.
    case failed
    /// Nothing fails, but what should have been decided can't be.
    case undecided = "no-verdict"
    /// Everything that was looked at is as it should be.
    case passed
  }

  /// The file, relative to the working folder where it lies below that.
  package let path: String
  /// What the run is called.
  package let name: String
  /// What was looked at, in the order of the work.
  package private(set) var items: [AssertionItem] = []
  /// The lines of the model file on which its layers stand, by their names.
  package var lines: [String: Int] = [:]
  /// The gradient check, where there was one.
  package private(set) var check: GradientCheck?
  /// The diagnosis of the run.
  package private(set) var diagnosis: Diagnosis?
  /// Why the subject could not be read.
  package private(set) var obstacle: InputError?
  /// The page of the report that was written of it.
  package var report: String?

  /// Begins the result of the subject at `path`.
  package init(path: String, name: String) {
    self.path = path
    self.name = name
  }

  /// The result of a subject that can't be read.
  package init(path: String, obstacle: InputError) {
    self.init(path: path, name: path)
    self.obstacle = obstacle
  }

  /// What the subject came to.
  package var status: Status {
    let outcomes = Set(items.map(\.outcome))
    if obstacle != nil { return .unusable }
    if outcomes.contains(.failed) { return .failed }
    return outcomes.contains(.undecided) ? .undecided : .passed
  }

  /// The items of which something is to be told, with what that is: those that fail first.
  package var issues: [(item: AssertionItem, issue: AssertionIssue)] {
    let order: [AssertionItem.Outcome] = [.failed, .undecided, .warned]
    return order.flatMap { outcome in
      items.filter { $0.outcome == outcome }.flatMap { item in item.issues.map { (item, $0) } }
    }
  }

  /// The line of the model file to look at: that of a layer, else the first.
  package func line(of layer: String?) -> Int { layer.flatMap { lines[$0] } ?? 1 }

  /// Takes in the check of the gradients.
  package mutating func add(_ check: GradientCheck) {
    self.check = check
    items.append(AssertionItem(check))
  }

  /// Takes in what was tried before the first step.
  package mutating func add(_ preflight: Preflight, policy: HealthPolicy) {
    items += preflight.items(policy)
  }

  /// Takes in the diagnosis of the run.
  package mutating func add(_ diagnosis: Diagnosis, policy: HealthPolicy) {
    self.diagnosis = diagnosis
    items += diagnosis.items(policy)
  }

  /// Takes in the comparison with a baseline.
  package mutating func add(_ comparison: RunComparison) {
    items.append(AssertionItem(comparison))
  }
}
