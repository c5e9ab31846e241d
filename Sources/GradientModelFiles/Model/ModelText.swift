package import Backpropagation
package import GzipIO

/// A model file as text that can be changed: what is not touched keeps its order, layout and comments.
package struct ModelText: Sendable {
  /// The file that it came from, as the user named it.
  package let path: String
  private let source: String
  private let original: YAMLNode
  /// What it says now.
  var root: YAMLNode

  /// Reads the model file at `path`.
  ///
  /// - Throws: An ``InputError`` if it can't be read or parsed.
  package init(contentsOf path: String) throws(InputError) {
    source = try YAMLNode.text(ofFile: path)
    guard let root = try YAMLNode.parse(source, file: path), !root.isNull else {
      throw InputError(file: path, "is empty, expected a model")
    }
    self.path = path
    original = root
    self.root = root
  }

  /// The text: edited where something was changed; written anew, without comments, only where its layout forbids that.
  package var text: String { YAMLText(source, root: original).text(saying: root, file: path) }

  /// What the text describes, as a model file that would lie at `path`.
  ///
  /// - Throws: An ``InputError`` with the line of what is wrong.
  package func modelFile(at path: String, allowOutside: Bool) throws(InputError) -> ModelFile {
    guard let root = try YAMLNode.parse(text, file: path) else {
      throw InputError(file: path, "is empty, expected a model")
    }
    return try ModelFile(root, path: path, allowOutside: allowOutside)
  }

  /// What stands at `path`, each component a key; nil if there is nothing.
  subscript(path: [String]) -> YAMLNode? {
    get { root[path[...]] }
    set { root[path[...]] = newValue }
  }

  /// Gives the key at `path` a value, or takes it away.
  package mutating func set(_ path: String..., to value: ArgumentValue?) {
    self[path] = value.map { YAMLNode($0) }
  }

  /// Gives the model another name, if it has one of its own.
  package mutating func rename(_ transform: (String) -> String) {
    guard let name = self[["model", "name"]]?.text else { return }
    set("model", "name", to: .text(transform(name)))
  }

  /// Changes every file's name outside of the model itself, those of data and weights.
  package mutating func mapFiles(_ transform: (String) -> String) {
    self[["data"]]?.mapFiles(transform)
    if let text = self[["weights"]]?.text {
      self[["weights"]] = YAMLNode(.text(transform(text)))
    } else {
      self[["weights"]]?.mapFiles(transform)
    }
  }
}

extension YAMLNode {
  /// What stands at the keys of `path`; setting nil takes the last key away, setting a value adds the keys that are missing.
  subscript(path: ArraySlice<String>) -> YAMLNode? {
    get {
      guard let key = path.first else { return self }
      guard case .map(let entries) = content else { return nil }
      return entries.first { $0.key == key }?.value[path.dropFirst()]
    }
    set {
      guard let key = path.first else {
        // The place in the file stays: what takes it is an edit of this part alone.
        if let newValue { content = newValue.content }
        return
      }
      var entries: [Entry] = []
      if case .map(let present) = content { entries = present } else if newValue == nil { return }
      let place = entries.firstIndex { $0.key == key }
      if newValue == nil, path.count == 1 {
        entries.removeAll { $0.key == key }
      } else if let place {
        entries[place].value[path.dropFirst()] = newValue
      } else if newValue != nil {
        var value = YAMLNode(.map([]))
        value[path.dropFirst()] = newValue
        entries.append(Entry(key, value))
      }
      content = .map(entries)
    }
  }

  /// Changes the value of each key `file`, however deep.
  fileprivate mutating func mapFiles(_ transform: (String) -> String) {
    guard case .map(var entries) = content else { return }
    for place in entries.indices {
      if entries[place].key == "file", let text = entries[place].value.text {
        entries[place].value.content = YAMLNode(.text(transform(text))).content
      } else {
        entries[place].value.mapFiles(transform)
      }
    }
    content = .map(entries)
  }
}
