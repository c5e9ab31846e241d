/// A form in which the results of assertions are written, for people or for a service that runs builds.
package protocol AssertionFormat: Sendable {
  /// The word that `--format` takes.
  static var id: String { get }

  /// The results in this form, a text that ends with a newline; the same for the same results.
  static func text(of report: AssertionReport) throws -> String
}
