import GzipIO

/// Everything of one kind that a model file can name: layers, losses, optimizers, initializers.
///
/// A member is one file and one line in its catalog. A name that a later version will know is listed in ``later``, so
/// that it is answered with "not supported by this version" instead of "unknown".
public struct Catalog<Product>: Sendable {
  /// What the members are, in the singular: `layer`.
  public let noun: String
  /// The members, in the order in which they are listed.
  public let entries: [CatalogEntry<Product>]
  /// The ids that a later version will know.
  public let later: [String]

  /// Creates a catalog.
  public init(noun: String, entries: [CatalogEntry<Product>], later: [String] = []) {
    self.noun = noun
    self.entries = entries
    self.later = later
  }

  /// Makes the member `id` from its arguments.
  ///
  /// - Throws: An ``ArgumentError`` for an unknown id, or for an unknown, missing or unfitting argument.
  public func make(_ id: String, _ arguments: [String: ArgumentValue]) throws(ArgumentError)
    -> Product
  {
    guard let entry = entries.first(where: { $0.id == id }) else {
      throw unknown(id)
    }
    let known = entry.arguments.map(\.name)
    for key in arguments.keys.sorted() where !known.contains(key) {
      throw ArgumentError(
        key: key, message: "unknown key \(key.quoted) in \(id)" + suggestion(for: key, among: known)
      )
    }
    return try entry.make(Arguments(of: id, arguments))
  }

  private func unknown(_ id: String) -> ArgumentError {
    if later.contains(id) {
      return ArgumentError(key: nil, message: "\(noun) \"\(id)\" is not supported by this version")
    }
    return ArgumentError(
      key: nil,
      message: "unknown \(noun) \(id.quoted)"
        + suggestion(for: id, among: entries.map(\.id) + later))
  }
}

/// One member of a catalog.
public struct CatalogEntry<Product>: Sendable {
  /// The id that a model file writes.
  public let id: String
  /// What it is, in one sentence with its formula.
  public let summary: String
  /// The arguments it takes.
  public let arguments: [ArgumentDescription]
  /// The argument that the short form `- dense: 10` sets, where there is one.
  public let shorthand: String?
  /// Makes the member.
  public let make: @Sendable (Arguments) throws(ArgumentError) -> Product

  /// Creates an entry.
  public init(
    _ id: String, _ summary: String, arguments: [ArgumentDescription] = [],
    shorthand: String? = nil,
    make: @escaping @Sendable (Arguments) throws(ArgumentError) -> Product
  ) {
    self.id = id
    self.summary = summary
    self.arguments = arguments
    self.shorthand = shorthand
    self.make = make
  }
}

/// An argument of a catalog's member, as `explain` and the documentation show it.
public struct ArgumentDescription: Sendable {
  /// The argument's name, in kebab-case.
  public let name: String
  /// What it is and which values it takes.
  public let summary: String
  /// The default as it would be written, or nil if the argument is required.
  public let defaultValue: String?

  /// Creates a description.
  public init(_ name: String, _ summary: String, default defaultValue: String? = nil) {
    self.name = name
    self.summary = summary
    self.defaultValue = defaultValue
  }
}
