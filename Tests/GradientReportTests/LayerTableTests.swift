import Foundation
import GradientDiagnosis
import GradientTrace
import Testing

@testable import GradientReport

struct LayerTableTests {
  private func table(_ sample: SampleRun) throws -> LayerTable {
    LayerTable(try RunDigest(sample.trace, sample.diagnosis), sample.diagnosis)
  }

  private func rows(_ table: LayerTable) throws -> [Substring] {
    try #require(table.blocks.dropFirst(2).first).split(separator: "\n")
      .dropFirst(2).map(\.self)
  }

  @Test func aRowSaysWhatALayerRecordedInTheWindowThatIsJudged() throws {
    let table = try table(.vanishing())
    #expect(table.blocks[0] == "## Layers")
    #expect(table.blocks[1].hasPrefix("Medians over steps 350 to 399, the window that is judged;"))
    let header = try #require(table.blocks[2].split(separator: "\n").first)
    #expect(
      header
        == "| layer | kind | δ, L2 per example | weight gradient, RMS | update : weight | findings |"
    )
    let rows = try rows(table)
    #expect(rows.count == 25)
    let first = try #require(rows.first)
    #expect(first.hasPrefix("| <a name=\"layer-1\"></a>`dense-1` | dense | "))
    #expect(first.hasSuffix(" | [1](#finding-1) |"))
    #expect(rows[1].hasPrefix("| <a name=\"layer-2\"></a>`sigmoid-1` | sigmoid | "))
    #expect(rows[1].hasSuffix(" | – | – | – |"))
  }

  /// The figures by another way: from the records themselves.
  @Test func figuresAreMediansOfTheTrace() throws {
    let sample = SampleRun.vanishing(layers: 3, steps: 120)
    var deltas: [Double] = []
    var ratios: [Double] = []
    try sample.trace.forEachStep { record in
      guard record.step >= 70, let layer = record.layers[1] else { return }
      deltas.append(layer.delta?.l2(perExampleOf: 64) ?? .nan)
      ratios.append(layer.parameters[0]?.updateRatio ?? .nan)
    }
    func median(_ values: [Double]) -> String {
      let sorted = values.sorted()
      return Wording.short((sorted[24] + sorted[25]) / 2)
    }
    #expect(deltas.count == 50)
    let cells = try #require(rows(table(sample)).first).split(separator: "|").map {
      $0.trimmingCharacters(in: .whitespaces)
    }
    #expect(cells[2] == median(deltas))
    #expect(cells[4] == median(ratios))
  }

  @Test func deadUnitsAreCounted() throws {
    let row = try #require(try rows(table(.deadReLU())).first { $0.contains("`relu-2`") })
    #expect(row.hasSuffix("| 61 of 64 | [1](#finding-1) |"))
  }

  /// Of a run whose numbers break, the window before that is shown.
  @Test func whatIsNotFiniteIsLeftOut() throws {
    let table = try table(.exploding())
    #expect(table.blocks[1].hasPrefix("Step 0, the window"))
    #expect(try rows(table).allSatisfy { !$0.contains("NaN") })
  }

  @Test func ofManyLayersTheRestIsSummedUp() throws {
    let sample = SampleRun.vanishing(layers: 300, steps: 20)
    let table = try table(sample)
    let rows = try rows(table)
    #expect(rows.count == 60)
    let finding = try #require(sample.diagnosis.findings.first)
    #expect(finding.layers.count > 60)
    #expect(rows.allSatisfy { $0.contains("#finding-1") })
    let last = try #require(table.blocks.last)
    #expect(last.hasPrefix("And 539 layers more: δ from "))
    #expect(table.link("dense-300") == "`dense-300`")
    #expect(try rows.count == self.rows(self.table(.healthy(layers: 60))).count)
  }

  @Test func namesInATextLeadToTheirRows() throws {
    let table = try table(.vanishing(layers: 3))
    #expect(
      table.linked("from dense-3 (dense-1), dense-2. dense-1/weight dense-9 2 input dense")
        == "from [dense-3](#layer-5) ([dense-1](#layer-1)), [dense-2](#layer-3). "
        + "dense-1/weight dense-9 2 input dense")
  }

  /// A name in quotes is a layer's, whatever it looks like; on the page it is code.
  @Test func aNameInQuotesIsCode() throws {
    let table = try table(.vanishing(layers: 2) { $0 == 1 ? "first" : "last" })
    #expect(
      table.linked("from ‘last’, first to (‘first’): ‘gate’ ‘")
        == "from [`last`](#layer-3), first to ([`first`](#layer-1)): `gate` ‘")
  }

  @Test func aNameThatCouldBeAWordOrANumberIsNoLink() throws {
    for name in ["dense", "1", "…", "(", ""] {
      let table = try table(.vanishing(layers: 2) { _ in name })
      #expect(table.linked("a \(name) b") == "a \(Markdown.text(name)) b")
    }
  }

  @Test func aRunWithoutLayersHasNoTable() throws {
    let header = TraceHeader(producer: "test", run: RunDescription(), layers: [])
    let trace = Trace(header: header, steps: [StepRecord(step: 0, loss: 1)])
    #expect(
      try table(SampleRun(trace: trace, diagnosis: SampleRun.healthy().diagnosis)).blocks.isEmpty)
  }
}
