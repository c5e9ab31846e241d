import Foundation
import GradientDiagnosis
import GradientTrace
import Testing

@testable import GradientReport

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// Names from a trace that try to be more than names: pages and pictures are built like those of a tame run.
struct HostileNameTests {
  static let names = [
    "<script>alert(1)</script>", "</svg></text>]]><!-- -->", "\"quoted\" 'name' & &lt;", "a|b||",
    "| --- | --- |", "two\nlines\r\n\n# heading", "🦊 é 日本語 \u{202E}\u{0}\u{FFFE}",
    "`code` ``` **strong** _it_", "[text](https://example.org) ![i](x.png)",
    "<a name=\"layer-1\"></a>",
    "[x](#layer-1)", "@someone #1 $x$ \\", String(repeating: "W", count: 500),
    String(repeating: "`[", count: 250), "", " ", "-", "1. item",
  ]

  /// A run all of whose names are `name`, with numbers that tell the layers apart.
  private func run(_ name: String) throws -> SampleRun {
    var sample = SampleRun.vanishing(layers: 3, steps: 60) { "\(name)\($0)" }
    var header = sample.trace.header
    header.run.name = name + "x"
    header.run.model = name + "x"
    header.run.settings = [.init(name + "x", name + "x")]
    for layer in header.layers.indices { header.layers[layer].kind = name + "x" }
    var steps: [StepRecord] = []
    try sample.trace.forEachStep { steps.append($0) }
    sample.trace = Trace(header: header, steps: steps)
    return sample
  }

  private func page(_ name: String, embedding: Bool) throws -> String {
    let sample = try run(name)
    let run = try RunDigest(sample.trace, sample.diagnosis)
    let gallery = Gallery(run, sample.diagnosis, .all)
    var page = ReportPage(
      run: run, diagnosis: sample.diagnosis, gradients: nil, gallery: gallery, results: [],
      preflight: nil)
    page.drawingTime = .milliseconds(1)
    let pictures = gallery.pictures.map { (name: $0.file, bytes: Data("picture".utf8)) }
    return embedding
      ? page.markdown(embedding: EmbeddedPictures(pictures: pictures)) : page.markdown
  }

  /// What each line of a page is: a heading, a row of so many cells, a picture, an item, a paragraph.
  private func structure(_ page: String) -> [String] {
    page.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      if let heading = line.prefixMatch(of: #/#{1,6} /#) { return String(heading.output) }
      if line.hasPrefix("|") {
        return
          "row of \(line.replacing("\\\\", with: "").replacing("\\|", with: "").count { $0 == "|" })"
      }
      if line.hasPrefix("![") {
        return "picture \(String(line.reversed().prefix { $0 != "]" }))"
      }
      if line.hasPrefix("- ") { return "item" }
      if let item = line.prefixMatch(of: #/[0-9]+\. /#) { return String(item.output) }
      if line.hasPrefix("[") { return String(line.prefix { $0 != ":" }) }
      return line.isEmpty ? "" : line.hasPrefix("<!--") ? String(line) : "text"
    }
  }

  /// The page without what is code in it, where nothing has a meaning.
  private func withoutCode(_ page: String) -> String {
    var result = ""
    var rest = page[...]
    while let start = rest.firstIndex(of: "`") {
      result += rest[..<start]
      let escapes = result.reversed().prefix { $0 == "\\" }.count
      let fence = rest[start...].prefix { $0 == "`" }
      rest = rest[fence.endIndex...]
      if escapes % 2 == 1 { continue }
      while let next = rest.firstIndex(of: "`") {
        let run = rest[next...].prefix { $0 == "`" }
        rest = rest[run.endIndex...]
        if run.count == fence.count { break }
      }
    }
    return result + rest
  }

  @Test(arguments: names.indices, [false, true])
  func aMarkdownReportIsBuiltLikeATameOne(index: Int, embedding: Bool) throws {
    let page = try page(Self.names[index], embedding: embedding)
    let tame = try self.page("dense-", embedding: embedding)
    #expect(structure(page) == structure(tame))
    let text = withoutCode(page)
    let anchor = /<a name="[a-z]+-[0-9]+"><\/a>/
    #expect(text.matches(of: anchor).count == withoutCode(tame).matches(of: anchor).count)
    let markup = text.replacing(anchor, with: "").replacing("<!-- gradcheck report:", with: "")
    #expect(!markup.contains("<"))
    let targets = text.matches(of: /[^\\]\]\(([^)]*)\)/).map { String($0.output.1) }
    #expect(targets.allSatisfy { $0.hasPrefix("#") || $0.hasSuffix(".png") }, "\(targets)")
    #expect(!text.replacing("data:image/png", with: "").contains("://"))
  }

  @Test(arguments: names.indices)
  func everyPictureIsXML(index: Int) throws {
    let sample = try run(Self.names[index])
    let run = try RunDigest(sample.trace, sample.diagnosis)
    let sheet = OverviewSheet(run, sample.diagnosis)
    var pictures = [("overview", sheet.drawing(), sheet.alternativeText)]
    for entry in ChartCatalog.entries {
      let about = sample.diagnosis.findings.first { entry.symptoms.contains($0.id) }
      guard let chart = try? entry.type.init(run, sample.diagnosis, about: about) else { continue }
      pictures.append((entry.id, chart.drawing(theme: .dark), chart.alternativeText))
    }
    #expect(pictures.count >= 4)
    for (id, drawing, text) in pictures {
      let svg = SVGPicture(drawing).text(description: text)
      let parser = XMLParser(data: Data(svg.utf8))
      #expect(parser.parse(), "\(id): \(parser.parserError.map { "\($0)" } ?? "")")
      #expect(!svg.contains("<script"))
    }
  }
}
