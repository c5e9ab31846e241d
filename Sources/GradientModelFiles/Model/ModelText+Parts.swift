package import Backpropagation

/// A member of a catalog as a file writes it: its id, and its arguments in their order.
package struct WrittenMember: Sendable, Equatable {
  package var id: String
  package var arguments: [Argument]

  package struct Argument: Sendable, Equatable {
    package var name: String
    package var value: ArgumentValue

    package init(_ name: String, _ value: ArgumentValue) {
      self.name = name
      self.value = value
    }
  }

  package init(_ id: String, _ arguments: [Argument] = []) {
    self.id = id
    self.arguments = arguments
  }

  /// The arguments by name, as a catalog takes them.
  package var values: [String: ArgumentValue] {
    Dictionary(arguments.map { ($0.name, $0.value) }) { first, _ in first }
  }

  fileprivate var node: YAMLNode {
    .member(id, arguments.map { YAMLNode.Entry($0.name, YAMLNode($0.value)) })
  }
}

/// Layers, by their places in the list.
extension ModelText {
  /// Gives an argument of a layer, or one of `name`, `from` and `weights-of`, a value; nil takes it away.
  package mutating func set(_ key: String, ofLayer place: Int, to value: ArgumentValue?) {
    changeLayer(place) { kind, entries in
      if kind.isEmpty { return }
      entries.set(key, to: value)
    }
  }

  /// Puts another kind of layer in the place of one, which keeps its name, its inputs and whose weights it uses.
  package mutating func replaceLayer(_ place: Int, by member: WrittenMember) {
    changeLayer(place) { kind, entries in
      kind = member.id
      let placement = entries.filter { ["name", "from", "weights-of"].contains($0.key) }
      entries =
        member.arguments.map { YAMLNode.Entry($0.name, YAMLNode($0.value)) } + placement
    }
  }

  /// Puts a new layer before the one at `place`, or behind the last.
  package mutating func insertLayer(
    _ member: WrittenMember, at place: Int, name: String?, from inputs: [String]
  ) {
    var member = member
    if let name { member.arguments.append(.init("name", .text(name))) }
    if !inputs.isEmpty { member.arguments.append(.init("from", .names(inputs))) }
    changeLayers { $0.insert(member.node, at: place) }
  }

  /// Takes a layer away.
  package mutating func removeLayer(_ place: Int) { changeLayers { $0.remove(at: place) } }

  private mutating func changeLayers(_ change: (inout [YAMLNode]) -> Void) {
    guard case .list(var items) = self[["model", "layers"]]?.content else { return }
    change(&items)
    self[["model", "layers"]] = YAMLNode(.list(items))
  }

  private mutating func changeLayer(
    _ place: Int, _ change: (_ kind: inout String, _ entries: inout [YAMLNode.Entry]) -> Void
  ) {
    changeLayers { items in
      items[place].changeMember(of: LayerCatalog.all, change)
    }
  }
}

/// The optimizer, and the lists of the section `training`.
extension ModelText {
  /// Gives an argument of the optimizer a value; nil takes it away.
  package mutating func set(_ key: String, ofOptimizerTo value: ArgumentValue?) {
    self.root[["training", "optimizer"]]?.changeMember(of: OptimizerCatalog.all) { _, entries in
      entries.set(key, to: value)
    }
  }

  /// Names another optimizer.
  package mutating func setOptimizer(_ member: WrittenMember) {
    self[["training", "optimizer"]] = member.node
  }

  /// Lets a schedule run before the others.
  package mutating func prependSchedule(_ member: WrittenMember) {
    self[["training", "schedule"]] = YAMLNode(
      .list([member.node] + items(at: ["training", "schedule"])))
  }

  /// Gives a key of the group at `place` a value; nil takes it away.
  package mutating func set(_ key: String, ofGroup place: Int, to value: ArgumentValue?) {
    var groups = items(at: ["training", "groups"])
    groups[place][[key]] = value.map { YAMLNode($0) }
    self[["training", "groups"]] = YAMLNode(.list(groups))
  }

  /// Takes the group at `place` away, and the list with the last.
  package mutating func removeGroup(_ place: Int) {
    var groups = items(at: ["training", "groups"])
    groups.remove(at: place)
    self[["training", "groups"]] = groups.isEmpty ? nil : YAMLNode(.list(groups))
  }

  /// Gives a key of the loss at `place` in the list `losses` a value.
  package mutating func set(_ key: String, ofLoss place: Int, to value: ArgumentValue) {
    guard var losses = self[["losses"]], case .list(var items) = losses.content else { return }
    items[place][[key]] = YAMLNode(value)
    losses.content = .list(items)
    self[["losses"]] = losses
  }

  /// The items of a list; one that stands alone counts as a list of one.
  private func items(at path: [String]) -> [YAMLNode] {
    guard let node = self[path], !node.isNull else { return [] }
    guard case .list(let items) = node.content else { return [node] }
    return items
  }
}

extension ArgumentValue {
  /// One name by itself, several as a list.
  package static func names(_ names: [String]) -> ArgumentValue {
    names.count == 1 ? .text(names[0]) : .list(names.map { .text($0) })
  }
}

extension YAMLNode {
  /// A member with its arguments: just its id where it has none.
  fileprivate static func member(_ id: String, _ entries: [Entry]) -> YAMLNode {
    guard !entries.isEmpty else { return YAMLNode(plain: id) }
    return YAMLNode(.map([Entry(id, YAMLNode(.map(entries)))]))
  }

  /// Changes id and arguments of a member, however short it was written.
  fileprivate mutating func changeMember<Product>(
    of catalog: Catalog<Product>, _ change: (inout String, inout [Entry]) -> Void
  ) {
    var id = text ?? ""
    var entries: [Entry] = []
    var written: Entry?
    if case .map(let pairs) = content, let pair = pairs.first {
      written = pair
      id = pair.key
      if case .map(let given) = pair.value.content {
        entries = given
      } else if !pair.value.isNull {
        let argument = catalog.entries.first { $0.id == id }?.shorthand ?? ""
        entries = [Entry(argument, pair.value)]
      }
    }
    change(&id, &entries)
    guard !entries.isEmpty else {
      content = .scalar(id, isPlain: true)
      return
    }
    // What was written keeps its place in the file, so that only what has changed is edited.
    if var written, written.key == id {
      written.value.content = .map(entries)
      content = .map([written])
    } else {
      content = .map([Entry(id, YAMLNode(.map(entries)))])
    }
  }
}

extension [YAMLNode.Entry] {
  /// Gives a key a value, or takes it away.
  fileprivate mutating func set(_ key: String, to value: ArgumentValue?) {
    guard let value else {
      removeAll { $0.key == key }
      return
    }
    if let place = firstIndex(where: { $0.key == key }) {
      self[place].value.content = YAMLNode(value).content
    } else {
      append(YAMLNode.Entry(key, YAMLNode(value)))
    }
  }
}
