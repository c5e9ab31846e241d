import ArgumentParser
import GradientHealth

struct Explain: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Explain a finding, a layer, any id.",
    usage: "gradcheck explain [<id>]",
    discussion: """
      gradcheck explain                       list every id
      gradcheck explain vanishing-gradient
      """)

  @Argument(help: "The id; without it, all are listed.")
  var id: String?
  // Hidden, as it is for those who work on this package: Scripts/handbook.
  @Option(
    help: ArgumentHelp(
      "Write the handbook's pages there.", valueName: "folder", visibility: .hidden)
  )
  var handbook: String?
  @OptionGroup var output: OutputOptions

  func run() throws {
    if let handbook { return try Self.writeHandbook(to: handbook) }
    guard let id else {
      output.say(Self.list)
      return output.emit(json: Self.json(of: Self.groups.flatMap(\.members)))
    }
    let members = Self.groups.flatMap(\.members)
    guard let member = members.first(where: { $0.id == id }) else {
      let isLater = Self.groups.contains { $0.later.contains(id) }
      complain(
        isLater
          ? "\(id) is not supported by this version"
          : "unknown id \(id.quoted)" + suggestion(for: id, among: members.map(\.id)))
      throw ExitStatus.unusable
    }
    output.say(member.text)
    output.emit(json: Self.json(of: [member]))
  }

  /// A page for each item of an assertion, and one that leads to them.
  private static func writeHandbook(to folder: String) throws {
    let symptoms = AnalyzerCatalog.explanations
    let preflight = Preflight.Check.allCases.map(\.explanation)
    let verdicts = AssertionRule.verdicts
    let index = HandbookPage.index(symptoms: symptoms, preflight: preflight, verdicts: verdicts)
    let pages = (symptoms + preflight + verdicts).map(HandbookPage.init).map {
      ($0.file, $0.markdown)
    }
    for (name, text) in pages + [(HandbookPage.indexFile, index)] {
      let file = try FileWriter(path: "\(folder)/\(name)")
      try file.write(text)
      try file.close()
    }
  }

  private static let groups = [
    Group(
      title: "Findings", members: AnalyzerCatalog.explanations.map(Member.init),
      later: AnalyzerCatalog.later),
    Group(
      title: "Preflight", members: Preflight.Check.allCases.map(\.explanation).map(Member.init)),
    Group(title: "Assertions", members: AssertionRule.verdicts.map(Member.init)),
    Group("Layers", LayerCatalog.all),
    Group("Losses", LossCatalog.all),
    Group("Optimizers", OptimizerCatalog.all),
    Group("Schedules", ScheduleCatalog.all),
    Group("Initializers", InitializerCatalog.all),
  ]

  private static var list: String {
    groups.map { group in
      ([group.title] + group.members.map { row($0.id, $0.summary) }).joined(separator: "\n")
    }.joined(separator: "\n\n")
  }

  private static func row(_ id: String, _ summary: String) -> String {
    "  " + id.padded(to: 27)
      + summary.wrapped(to: 50, indent: String(repeating: " ", count: 29))
  }

  private static func json(of members: [Member]) -> String {
    let entries = members.map { member in
      "{"
        + [("id", member.id), ("summary", member.summary), ("text", member.text)]
        .map { "\"\($0)\":\(JSONDocument.quoted($1))" }.joined(separator: ",") + "}"
    }
    return JSONDocument("gradient-explanation")
      .adding("entries", json: "[\(entries.joined(separator: ","))]").text
  }
}

/// What can be explained of one kind.
private struct Group {
  var title: String
  var members: [Member]
  /// The ids that a later version will know.
  var later: [String] = []
}

/// Something that can be explained.
private struct Member {
  var id: String
  var summary: String
  var text: String
}

extension Member {
  init(_ explanation: Explanation) {
    self.init(id: explanation.id, summary: explanation.summary, text: explanation.description)
  }
}

extension Group {
  /// The members of a catalog, with their arguments.
  init<Product>(_ title: String, _ catalog: Catalog<Product>) {
    self.title = title
    later = catalog.later
    let article = "aeiou".contains(catalog.noun.prefix(1)) ? "an" : "a"
    members = catalog.entries.map { entry in
      var lines = [
        "\(entry.id), \(article) \(catalog.noun)", "",
        "  " + entry.summary.wrapped(to: 76, indent: "  "),
      ]
      if !entry.arguments.isEmpty {
        let width = 2 + entry.arguments.reduce(0) { max($0, $1.name.count) }
        let indent = String(repeating: " ", count: 2 + width)
        lines += ["", "Arguments"]
        lines += entry.arguments.map { argument in
          let ending = argument.defaultValue.map { "; default: \($0)" } ?? "; required"
          return "  " + argument.name.padded(to: width)
            + (argument.summary + ending).wrapped(to: 76 - width, indent: indent)
        }
      }
      lines += ["", "In a model file", "  " + entry.example]
      return Member(
        id: entry.id, summary: entry.summary, text: lines.joined(separator: "\n"))
    }
  }
}

extension CatalogEntry {
  /// How a model file writes this member: its name, the short form, or what must be given.
  fileprivate var example: String {
    let required = arguments.filter { $0.defaultValue == nil }.map(\.name)
    if required.isEmpty { return shorthand.map { "\(id), or \(id): <\($0)>" } ?? id }
    if required == shorthand.map({ [$0] }) { return "\(id): <\(required[0])>" }
    return "\(id): {\(required.map { "\($0): <…>" }.joined(separator: ", "))}"
  }
}
