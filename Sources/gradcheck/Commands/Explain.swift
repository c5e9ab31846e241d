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
  @OptionGroup var output: OutputOptions

  func run() throws {
    guard let id else {
      output.say(Self.list)
      return output.emit(json: Self.document.adding("ids", json: Self.idsAsJSON).text)
    }
    guard let text = Self.text(for: id) else {
      complain("unknown id \(id.quoted)" + suggestion(for: id, among: Self.ids))
      throw ExitStatus.unusable
    }
    output.say(text)
    output.emit(json: Self.document.adding("id", id).adding("text", text).text)
  }

  private static var document: JSONDocument { JSONDocument("gradient-explanation") }

  private static var idsAsJSON: String {
    "[" + ids.map(JSONDocument.quoted).joined(separator: ",") + "]"
  }

  private static func text(for id: String) -> String? {
    if let explanation = AnalyzerCatalog.explanation(of: id) { return explanation.description }
    return members.first { $0.id == id }?.text
  }

  private static var members: [Member] {
    LayerCatalog.all.members + LossCatalog.all.members + OptimizerCatalog.all.members
      + InitializerCatalog.all.members
  }

  private static var ids: [String] {
    AnalyzerCatalog.explanations.map(\.id) + members.map(\.id)
  }

  private static var list: String {
    var lines = ["Findings"]
    lines += AnalyzerCatalog.explanations.map { row($0.id, $0.summary) }
    for (title, group) in [
      ("Layers", LayerCatalog.all.members), ("Losses", LossCatalog.all.members),
      ("Optimizers", OptimizerCatalog.all.members),
      ("Initializers", InitializerCatalog.all.members),
    ] {
      lines += ["", title] + group.map { row($0.id, $0.summary) }
    }
    return lines.joined(separator: "\n")
  }

  private static func row(_ id: String, _ summary: String) -> String {
    "  " + id.padded(to: 23)
      + summary.wrapped(to: 54, indent: String(repeating: " ", count: 25))
  }
}

/// A member of a catalog, without its type.
private struct Member {
  var id: String
  var summary: String
  var text: String
}

extension Catalog {
  fileprivate var members: [Member] {
    entries.map { entry in
      let arguments = entry.arguments.map { argument in
        "  " + argument.name.padded(to: 20) + argument.summary
          + (argument.defaultValue.map { " (default: \($0))" } ?? "")
      }
      let lines =
        ["\(entry.id), a \(noun)", "", entry.summary]
        + (arguments.isEmpty ? [] : ["", "Arguments"] + arguments)
      return Member(
        id: entry.id, summary: entry.summary, text: lines.joined(separator: "\n"))
    }
  }
}
