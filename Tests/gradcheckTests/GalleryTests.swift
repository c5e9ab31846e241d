import Foundation
import GradientHealth
import Testing

/// The gallery in Reports shows every symptom as the code of today reports it, and its first screens say all there is to know.
@Suite struct GalleryTests {
  static let symptoms = AnalyzerCatalog.explanations.map(\.id)
  static let reports = ["healthy"] + symptoms
  private static let folder = Command.package.appending(path: "Reports")

  private static func text(_ path: String) throws -> String {
    try String(contentsOf: folder.appending(path: path), encoding: .utf8)
  }

  @Test func everySymptomHasItsReport() throws {
    let entries = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
    let others = ["README.md", "baseline.md", "corpus", "cures", "messages"]
    #expect(Set(entries).subtracting(["flakes.md"]) == Set(Self.reports + others))
  }

  @Test func everyModelIsShown() throws {
    let models = try FileManager.default.contentsOfDirectory(
      atPath: Command.package.appending(path: "Examples/gallery").path)
    #expect(models.count > 15)
    #expect(
      models.allSatisfy { $0.hasSuffix(".yaml") && Self.symptoms.contains("\($0.dropLast(5))") })
  }

  @Test func theIndexShowsEachReport() throws {
    let index = try Self.text("README.md")
    let shown = index.matches(of: /<img src="([a-z-]+)\/overview\.png" width="\d+" alt="[^"]+">/)
      .map { String($0.output.1) }
    let linked = index.matches(of: /\]\(([a-z-]+)\/report\.md\)/).map { String($0.output.1) }
    #expect(Set(shown) == Set(Self.reports))
    #expect(Set(linked) == Set(Self.reports))
  }

  @Test(arguments: reports)
  func everyPictureIsThereAndShown(id: String) throws {
    let page = try Self.text("\(id)/report.md")
    let shown = page.matches(of: /!\[[^\n]*?[^\\]\]\(([^)\s]+)\)/).map { String($0.output.1) }
    let files = try FileManager.default.contentsOfDirectory(
      atPath: Self.folder.appending(path: id).path)
    #expect(Set(files) == Set(shown + ["report.md"]))
    for picture in shown {
      let bytes = try Data(contentsOf: Self.folder.appending(path: "\(id)/\(picture)"))
      #expect(bytes.prefix(4) == Data([0x89, 0x50, 0x4E, 0x47]), "\(picture)")
      #expect(bytes.count < 80_000, "\(picture)")
    }
  }

  @Test(arguments: reports)
  func isWhatIsWrittenNow(id: String) throws {
    let command = try Command()
    defer { command.clean() }
    let written = try command.shell("\"$package/Scripts/reports\" \"$PWD\" \(id)")
    try #require(written.status == 0, "\(written.errors)")
    #expect(try Self.text("\(id)/report.md").masked == command.text(of: "\(id)/report.md").masked)
    #expect(
      try Self.pictures(in: Self.text("\(id)/report.md"))
        == Self.pictures(in: command.text(of: "\(id)/report.md")))

    let advice = try command.text(of: "\(id)/report.md")
    #expect(
      !(advice.contains("ower the learning rate to")
        && advice.contains("aise the learning rate to")),
      "\(id) asks for a lower learning rate and for a higher one")

    let other = command.has("\(id).paired.gradtrace") ? ["--paired", "\(id).paired.gradtrace"] : []
    let drawn = try command.call(
      ["chart", "\(id).gradtrace", "overview", "--output", "overview.svg"] + other)
    try #require(drawn.status == 0, "\(drawn.errors)")
    try expectFirstScreen(command.text(of: "overview.svg"), tellsOf: id)
  }

  private static func pictures(in page: String) -> [String] {
    page.matches(of: /\]\(([^)\s]+\.png)\)/).map { String($0.output.1) }
  }

  /// Verdict, root cause, layer, first step and what to do: who sees nothing but the overview knows all five.
  private func expectFirstScreen(_ picture: String, tellsOf id: String) throws {
    let texts = picture.matches(of: /<text[^>]*>([^<]*)<\/text>/).map { String($0.output.1) }
    let verdict = try #require(texts.first)
    let headline = try #require(texts.dropFirst().first { $0.contains(" ") })
    let why = try #require(texts.firstIndex(of: "Why"))
    #expect(texts[why + 1].count > 20)
    guard id != "healthy" else {
      #expect(verdict == "HEALTHY")
      #expect(headline.hasPrefix("The loss fell from "))
      #expect(!texts.contains("Try"))
      return
    }
    #expect(verdict == (id == "not-learning" ? "UNCLEAR" : verdict))
    #expect(["ERROR", "WARNING", "UNCLEAR"].contains(verdict))
    // "Dead ReLU in relu-2, since step 2", "Overfitting in the whole network, since step 53".
    let parts = try #require(
      headline.wholeMatch(
        of: /([^,]+?)(?: in ([^,…]+( … [^,…]+)?|.+ and \d+ more))?, since step \d+/),
      "\(headline)")
    let symptom = parts.output.1.lowercased().replacing(" ", with: "-")
    #expect(symptom == (id == "non-finite" ? "non-finite-values" : id))
    let attempt = try #require(texts.firstIndex(of: "Try"))
    #expect(texts[attempt + 1].count > 20)
    #expect(!texts[why...attempt].contains { $0.hasSuffix("…") }, "cut short")
  }
}
