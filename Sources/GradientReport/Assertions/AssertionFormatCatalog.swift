/// All formats of assertions, in the order in which the help names them.
package enum AssertionFormatCatalog {
  /// One line a format; a test compares them with the folder `Formats`.
  package static let all: [any AssertionFormat.Type] = [
    TextFormat.self,
    JSONFormat.self,
    JUnitFormat.self,
    SARIFFormat.self,
    GitHubFormat.self,
    GitLabFormat.self,
  ]

  /// The format called `id`, or nil.
  package static func format(_ id: String) -> (any AssertionFormat.Type)? {
    all.first { $0.id == id }
  }
}
