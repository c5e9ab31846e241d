/// The results of all subjects that were asserted together, as a format writes them.
package struct AssertionReport: Sendable {
  /// One result a subject, in the order in which they were named.
  package let results: [AssertionResult]
  /// The version of the program that judged.
  package let version: String

  /// Gathers results.
  package init(_ results: [AssertionResult], version: String) {
    self.results = results
    self.version = version
  }

  /// What all of them together came to: the worst of them; nothing asserted is no verdict.
  package var status: AssertionResult.Status {
    AssertionResult.Status.allCases.first { status in results.contains { $0.status == status } }
      ?? .undecided
  }

  /// How many came to a status.
  package func count(_ status: AssertionResult.Status) -> Int {
    results.count { $0.status == status }
  }
}
