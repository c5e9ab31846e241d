public import Backpropagation
public import GzipIO

/// A value from a YAML file, with the lines on which its parts stand.
public struct AnnotatedValue: Sendable {
  /// The file as the user named it.
  public let file: String
  /// The value.
  public let value: ArgumentValue
  private let root: YAMLNode

  init(_ node: YAMLNode, file: String) throws(InputError) {
    self.file = file
    value = try node.value(file: file)
    root = node
  }

  /// Reads a YAML file that is all one value, as a policy is.
  ///
  /// - Throws: An ``InputError`` with the line of what can't be parsed, or if the file is empty.
  public init(contentsOf path: String) throws(InputError) {
    guard let node = try YAMLNode.parse(contentsOf: path), !node.isNull else {
      throw InputError(file: path, "is empty, expected keys and values")
    }
    try self.init(node, file: path)
  }

  /// The line of the part at `path`, a list's items being counted from 0; of what comes nearest to it, if it isn't there.
  public func line(at path: [String]) -> Int {
    var node = root
    var line = root.line
    for component in path {
      switch node.content {
      case .scalar: return line
      case .list(let nodes):
        guard let index = Int(component), nodes.indices.contains(index) else { return line }
        node = nodes[index]
        line = node.line
      case .map(let entries):
        guard let entry = entries.first(where: { $0.key == component }) else { return line }
        node = entry.value
        line = entry.line
      }
    }
    return line
  }
}
