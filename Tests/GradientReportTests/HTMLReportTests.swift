import Foundation
import GradientDiagnosis
import GradientTrace
import GzipIO
import Testing

@testable import GradientReport

/// Pages written into a folder of their own, which is removed afterwards.
final class HTMLReportTests {
  private let root = FileManager.default.temporaryDirectory
    .appending(path: "gradcheck-html-tests-\(UUID().uuidString)").path

  init() throws {
    try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: root) }

  private var folder: String { root + "/report" }

  private func page(_ sample: SampleRun) throws -> String {
    let path = try Report(sample.trace, sample.diagnosis).write(to: folder, as: .html)
    #expect(path == folder + "/report.html")
    return try String(contentsOfFile: path, encoding: .utf8)
  }

  /// What stands between the tags of the only element that starts so.
  private func content(of start: String, end: String, in page: String) throws -> String {
    let opening = try #require(page.range(of: start))
    let rest = page[opening.upperBound...]
    #expect(rest.range(of: start) == nil, "\(start) stands there once")
    return String(rest[..<(try #require(rest.range(of: end))).lowerBound])
  }

  private func data(in page: String) throws -> Stored {
    let json = try content(
      of: "<script type=\"application/json\" id=\"run\">", end: "</script>", in: page)
    return try JSONDecoder().decode(Stored.self, from: Data(json.utf8))
  }

  // MARK: - What it says

  @Test func theFirstScreenIsThatOfTheMarkdownReport() throws {
    let page = try page(.vanishing())
    let screen = try content(of: "<body>", end: "<section id=\"explorer\"", in: page)
    let words = [
      "<span class=\"verdict error\">ERROR</span> Vanishing gradient in dense-1 … dense-8, since step 0</h1>",
      "<p><strong>vanishing</strong> · 13 dense × 64 · 400 steps",
      "<p><strong>What.</strong> δ loses 6.3 decades from <a href=\"#layer-25\">dense-13</a> to ",
      "<p><strong>Why.</strong> Every sigmoid multiplies δ by at most 0.25;",
      "<p><strong>What to do.</strong> <strong>Use relu with He initialization.</strong> Or: put batch",
    ]
    for word in words { #expect(screen.contains(word), "\(word)") }
    #expect(page.contains("<h3><a id=\"finding-1\"></a>1. Vanishing gradient in dense-1 … dense-8"))
  }

  @Test func withoutAScriptThereArePicturesAndTables() throws {
    let page = try page(.vanishing())
    let still = try content(of: "<noscript>", end: "</noscript>", in: page)
    #expect(still.contains("<img alt=\"ERROR: vanishing gradient in"))
    #expect(still.contains("src=\"data:image/png;base64,iVBOR"))
    #expect(page.contains("<section id=\"explorer\" aria-label=\"The run, step by step\" hidden>"))
    #expect(page.contains("<td>not found</td>"))
  }

  @Test func everyPictureIsThereInLightAndInDark() throws {
    let page = try page(.deadReLU())
    let sources = page.matches(
      of:
        /<picture><source media="screen and \(prefers-color-scheme: dark\)" srcset="([^"]*)"><img alt="[^"]+" src="([^"]*)"><\/picture>/
    )
    #expect(sources.count == page.matches(of: /<img\s/).count && sources.count > 4)
    for source in sources {
      let (dark, light) = (source.output.1, source.output.2)
      #expect(dark != light && !dark.contains(" ") && dark.hasPrefix("data:image/png;base64,iVBOR"))
    }
  }

  @Test func everyLinkWithinThePageHasItsPlace() throws {
    let page = try page(.vanishing())
    let places = page.matches(of: /<a id="([^"]*)">/).map { $0.output.1 }
    let targets = Set(page.matches(of: /href="#([^"]*)"/).map { $0.output.1 })
    #expect(targets.count > 3 && targets.isSubset(of: places))
  }

  @Test func aHealthyRunIsShownToo() throws {
    let page = try page(.healthy())
    #expect(page.contains("<span class=\"verdict healthy\">HEALTHY</span> The loss fell"))
    #expect(try data(in: page).findings.isEmpty)
  }

  // MARK: - That it is safe

  private static let hostile =
    "</script><script>alert(1)</script><!-- \"'><img src=x onerror=alert(2)>\n&amp; 🦊 日本 "
    + String(repeating: "long-", count: 100)

  @Test func namesFromTheTraceAreShownAndNotObeyed() throws {
    var sample = SampleRun.vanishing(layers: 3) { Self.hostile + "\($0)" }
    sample.trace = Trace(
      header: with(sample.trace.header) {
        $0.run.name = Self.hostile
        $0.run.model = Self.hostile
        $0.run.settings = [.init(Self.hostile, Self.hostile)]
      }, steps: try steps(of: sample.trace))
    let page = try page(sample)
    #expect(page.matches(of: /<script/).count == 2)
    #expect(page.matches(of: /<\/script>/).count == 2)
    #expect(!page.contains("<img src=x"))
    #expect(!page.contains("alert(1)</script>"))
    #expect(page.contains("&lt;/script&gt;&lt;script&gt;alert(1)"))
    let names = try data(in: page).layers.map(\.name)
    #expect(names.contains(Self.hostile.quotable + "1"))
    #expect(try unbalanced(page) == [])
  }

  @Test func onlyItsOwnScriptAndStyleMayRun() throws {
    let page = try page(.deadReLU())
    let policy = try content(
      of: "<meta http-equiv=\"Content-Security-Policy\" content=\"", end: "\">", in: page)
    #expect(policy.hasPrefix("default-src 'none'; img-src data:; style-src 'sha256-"))
    #expect(!policy.contains("unsafe"))
    for (start, end) in [("<style>", "</style>"), ("<script>", "</script>")] {
      let source = try content(of: start, end: end, in: page)
      let hash = Data(SHA256.hash(Array(source.utf8))).base64EncodedString()
      #expect(policy.contains("'sha256-\(hash)'"))
    }
    // What the policy forbids: styles and handlers in attributes.
    #expect(markup(of: page).matches(of: /<[^>]* (?:style|on[a-z]+)=/).isEmpty)
  }

  @Test func nothingOutsideIsAskedFor() throws {
    let page = try page(.exploding())
    let addresses = page.matches(of: /(?:src|href|srcset|action)="([^"]*)"/).map { $0.output.1 }
    #expect(addresses.count > 3)
    #expect(addresses.allSatisfy { $0.hasPrefix("data:") || $0.hasPrefix("#") })
    #expect(!page.contains("url("))
    #expect(!page.contains("@import"))
    // The one address is a name, that of SVG.
    #expect(
      page.matches(of: /https?:\/\/[^"]*/).map { String($0.output) } == [
        "http://www.w3.org/2000/svg"
      ])
  }

  @Test func everyTagIsClosed() throws {
    for sample in [SampleRun.vanishing(), .healthy(), .exploding(), .deadReLU()] {
      #expect(try unbalanced(page(sample)) == [])
    }
  }

  // MARK: - Its figures

  @Test func figuresAreTheTraces() throws {
    let sample = SampleRun.vanishing(layers: 5, steps: 200)
    let stored = try data(in: page(sample))
    let recorded = try steps(of: sample.trace)
    #expect(stored.columns.first == Array(0..<200))
    let deltas = try #require(stored.quantities.first { $0.id == "delta" })
    var compared = 0
    for series in deltas.series {
      let values = try series.values()
      for (step, record) in recorded.enumerated() {
        let statistics = try #require(record.layers[series.layer]?.delta)
        let delta = try #require(statistics.l2(perExampleOf: 64))
        #expect(abs(pow(10, values[step]) / delta - 1) < 1e-3)
        compared += 1
      }
    }
    #expect(compared == 9 * 200)
    for (step, record) in recorded.enumerated() {
      let loss = try #require(stored.loss.mean[step])
      #expect(abs(loss / (record.loss ?? 0) - 1) < 1e-5)
    }
  }

  @Test func whatIsNoNumberHasACodeOfItsOwn() throws {
    let exploding = try data(in: page(.exploding()))
    let deltas = try #require(exploding.quantities.first { $0.id == "delta" })
    let codes = try #require(deltas.series.first).codes()
    #expect(codes[20] >= 3)
    #expect(codes[21] == 1)
    #expect(exploding.loss.nonFinite == 21)
    let blocked = try data(in: page(.blocked()))
    let zeros = try #require(blocked.quantities.first { $0.id == "delta" }?.series.first)
    #expect(try zeros.codes()[5] == 2)
  }

  @Test func findingsLeadToTheirLayerStepAndQuantity() throws {
    let page = try data(in: page(.deadReLU()))
    let finding = try #require(page.findings.first)
    #expect(finding.name == "dead ReLU")
    #expect(finding.isRoot)
    #expect(finding.layer.map { page.layers[$0].name } == "relu-2")
    #expect(finding.step == 3)
    #expect(page.layer == finding.layer)
  }

  @Test func aLongRunStaysSmallAndKeepsItsSpike() throws {
    var sample = SampleRun.vanishing(layers: 50, steps: 3000)
    var recorded = try steps(of: sample.trace)
    recorded[1234].layers[1]?.delta?.rms = 1e9
    sample.trace = Trace(header: sample.trace.header, steps: recorded)
    let page = try page(sample)
    #expect(page.utf8.count < 3_000_000)
    let stored = try data(in: page)
    #expect(stored.columns.first.count >= 250)
    let series = try #require(stored.quantities.first?.series.first { $0.layer == 1 })
    let column = try #require(stored.columns.first.lastIndex { $0 <= 1234 })
    let high = series.low + Double(try series.largestCodes()[column] - 3) * series.unit
    #expect(high > 9)
  }

  // MARK: - Odd runs

  @Test(arguments: [0, 1, 2])
  func fewStepsAndOneLayerMakeAPage(count: Int) throws {
    var sample = SampleRun.healthy(layers: 1, steps: 2)
    let recorded = try steps(of: sample.trace).prefix(count)
    sample.trace = Trace(header: sample.trace.header, steps: Array(recorded))
    let stored = try data(in: page(sample))
    #expect(stored.columns.first.count == count)
    #expect(stored.layers.count == 2)
  }

  @Test func aRunWithoutLayersMakesAPage() throws {
    let header = TraceHeader(producer: "test", run: RunDescription(), layers: [])
    let sample = SampleRun(
      trace: Trace(header: header, steps: [StepRecord(step: 0, loss: 1)]),
      diagnosis: SampleRun.healthy().diagnosis)
    #expect(try data(in: page(sample)).quantities.isEmpty)
  }

  @Test func eitherFormReplacesTheOther() throws {
    let sample = SampleRun.healthy(steps: 60)
    try Report(sample.trace, sample.diagnosis).write(to: folder)
    #expect(FileManager.default.fileExists(atPath: folder + "/overview.png"))
    _ = try page(sample)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["report.html"])
    try Report(sample.trace, sample.diagnosis).write(to: folder)
    #expect(!FileManager.default.fileExists(atPath: folder + "/report.html"))
  }

  @Test func somebodyElsesPageIsForeign() throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data("<html>mine</html>\n".utf8).write(to: URL(filePath: folder + "/report.html"))
    let sample = SampleRun.healthy(steps: 10)
    #expect(
      throws: InputError(
        file: folder,
        "the folder holds \"report.html\", which is not of a report; expected an empty folder or an earlier report"
      )
    ) { try Report(sample.trace, sample.diagnosis).write(to: folder, as: .html) }
  }

  @Test func theSameRunMakesTheSamePage() throws {
    let sample = SampleRun.vanishing(layers: 3, steps: 60)
    func write() throws -> String {
      let path = try Report(sample.trace, sample.diagnosis)
        .write(to: folder, as: .html, reproducible: true)
      return try String(contentsOfFile: path, encoding: .utf8)
    }
    #expect(try write() == write())
  }
}

// MARK: - Reading a page

extension HTMLReportTests {
  private func steps(of trace: Trace) throws -> [StepRecord] {
    var steps: [StepRecord] = []
    try trace.forEachStep { steps.append($0) }
    return steps
  }

  private func with(_ header: TraceHeader, _ change: (inout TraceHeader) -> Void) -> TraceHeader {
    var header = header
    change(&header)
    return header
  }

  /// The page without what is in its scripts, styles and pictures.
  private func markup(of page: String) -> String {
    var result = ""
    for (index, part) in page.components(separatedBy: "</script>").enumerated() {
      result +=
        (index > 0 ? "</script>" : "") + (part.components(separatedBy: "<script").first ?? "")
      if part.contains("<script") { result += "<script>" }
    }
    let pictures = result.components(separatedBy: ";base64,")
    return pictures.prefix(1).joined()
      + pictures.dropFirst().map { String($0.drop { $0 != "\"" }) }.joined()
  }

  /// The tags that don't match; none in a page whose elements nest as they should.
  private func unbalanced(_ page: String) throws -> [String] {
    let empty: Set<String> = ["meta", "link", "img", "input", "br", "source"]
    var open: [String] = []
    var wrong: [String] = []
    for tag in markup(of: page).matches(of: /<(\/?)([a-z][a-z0-9]*)(?:\s[^<>]*)?>/) {
      let name = String(tag.output.2)
      if empty.contains(name) { continue }
      if tag.output.1.isEmpty {
        open.append(name)
      } else if open.popLast() != name {
        wrong.append("</\(name)>")
      }
    }
    return wrong + open
  }
}

/// The figures of a page, as its script reads them.
private struct Stored: Decodable {
  struct Columns: Decodable { var first: [Int] }
  struct Layer: Decodable { var name: String }
  struct Loss: Decodable {
    var mean: [Double?]
    var nonFinite: Int?
  }
  struct Quantity: Decodable {
    var id: String
    var series: [Series]
  }
  struct Finding: Decodable {
    var name: String
    var isRoot: Bool
    var layer: Int?
    var step: Int
  }
  struct Series: Decodable {
    var layer: Int
    var low: Double
    var unit: Double
    var mean: String
    var largest: String?

    func codes() throws -> [Int] { try Self.codes(mean) }
    func largestCodes() throws -> [Int] { try Self.codes(largest ?? mean) }
    func values() throws -> [Double] { try codes().map { low + Double($0 - 3) * unit } }

    private static func codes(_ text: String) throws -> [Int] {
      let bytes = try #require(Data(base64Encoded: text))
      return stride(from: 0, to: bytes.count, by: 2).map {
        Int(bytes[$0]) + 256 * Int(bytes[$0 + 1])
      }
    }
  }

  var columns: Columns
  var layers: [Layer]
  var loss: Loss
  var quantities: [Quantity]
  var findings: [Finding]
  var layer: Int
}
