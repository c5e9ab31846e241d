import Backpropagation
import Foundation
import GradientModelFiles
import GzipIO
import Testing

struct CSVSourceTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  func read(_ text: String, _ change: (inout CSVSource) -> Void = { _ in }) throws -> CSVContent {
    var source = CSVSource(file: try folder.file("data.csv", text.utf8))
    change(&source)
    return try source.read()
  }

  /// Inputs and numeric targets of a table.
  func numbers(
    _ text: String, _ change: (inout CSVSource) -> Void = { _ in }
  ) throws -> (inputs: [Double], targets: [Double]) {
    let dataset = try read(text) {
      $0.labels = .numbers
      change(&$0)
    }.dataset
    guard case .values(let values, _) = dataset.targets else { return (dataset.inputs, []) }
    return (dataset.inputs, values)
  }

  @Test(arguments: [
    "1,2,3\n4,5,6\n", "1,2,3\r\n4,5,6", "1;2;3\n4;5;6\n", "1\t2\t3\n4\t5\t6\n", "1 2 3\n4 5 6\n",
    "  1   2 3 \n4 5  6\n", "\n1,2,3\n\n  \n4,5,6\n\n", " 1 , 2 ,  3\n4,5,6",
    "\u{feff}1,2,3\n4,5,6",
    "\"1\",2,\"3\"\n4,\"5\",6", "a,b,c\n1,2,3\n4,5,6", "\"a\nb\",\"b, \"\"c\"\"\",c\n1,2,3\n4,5,6",
    "a;\"b,c\";c\n1;2;3\n4;5;6", "+1,2.0,.3e1\n4.,5e0,600E-2",
  ])
  func writtenInManyWaysTheTableIsTheSame(text: String) throws {
    let (inputs, targets) = try numbers(text)
    #expect(inputs == [1, 2, 4, 5])
    #expect(targets == [3, 6])
  }

  @Test func columnsAreChosenByNamePositionAndRange() throws {
    let text = "a,b,c,d\n1,2,3,4\n5,6,7,8\n"
    #expect(try numbers(text) { $0.targets = ["b"] }.inputs == [1, 3, 4, 5, 7, 8])
    #expect(try numbers(text) { $0.targets = [1, "c"] }.targets == [1, 3, 5, 7])
    #expect(try numbers(text) { $0.columns = ["2-3"] }.inputs == [2, 3, 6, 7])
    #expect(try numbers(text) { $0.columns = ["a", 2] }.targets == [4, 8])
  }

  @Test func aHeaderThatIsAllNumbersCanBeNamed() throws {
    #expect(try numbers("1,2\n3,4").inputs == [1, 3])
    #expect(try numbers("1,2\n3,4") { $0.header = .present }.inputs == [3])
    #expect(try numbers("1,2\n3,4") { $0.skipRows = 1 }.inputs == [3])
  }

  @Test func wordsAreNumberedInOrderOfFirstAppearance() throws {
    let content = try read("length,kind\n1,pear\n2,\"apple, red\"\n3,pear\n")
    #expect(content.dataset.targets == .classes([0, 1, 0], names: ["pear", "apple, red"]))
    #expect(
      content.description
        == "header, 1 feature, target: last column (\"kind\"), 2 classes (0 pear, 1 apple, red)")
  }

  @Test func wholeNumbersFromZeroAreClassesAndOthersNumbers() throws {
    func targets(_ column: [String], _ labels: CSVSource.Labels = .automatic) throws -> Targets {
      try read(column.map { "7,\($0)\n" }.joined()) { $0.labels = labels }.dataset.targets
    }
    #expect(try targets(["0", "1", "1", "0"]) == .classes([0, 1, 1, 0], names: []))
    #expect(try targets(["0.0", "1.0", "1", "0"]) == .classes([0, 1, 1, 0], names: []))
    #expect(try targets(["0", "1", "3", "0"]) == .values([0, 1, 3, 0], perExample: 1))
    #expect(try targets(["0", "1", "2"]) == .values([0, 1, 2], perExample: 1))
    #expect(try targets(["0", "1", "3"], .classes) == .classes([0, 1, 3], names: []))
    #expect(try targets(["3", "1", "3"], .classes) == .classes([1, 0, 1], names: ["1", "3"]))
    #expect(try targets(["-1", "1"], .classes) == .classes([0, 1], names: ["-1", "1"]))
    #expect(try targets(["0", "1", "1", "0"], .numbers) == .values([0, 1, 1, 0], perExample: 1))
  }

  @Test func missingValuesAreLeftOutOrReplaced() throws {
    let text = "1,2,3\n,5,6\n7,NA,9\n4,8,?\n"
    #expect(try numbers(text) { $0.missing = .dropRow }.inputs == [1, 2])
    #expect(
      try read(text) { $0.missing = .dropRow }.description
        == "no header, 2 features, target: last column, numbers, 3 rows with missing values left out"
    )
    let filled = try read("1,nan,0\nNaN,4,1\n3,?,0\n2,8,1\n") { $0.missing = .mean }
    #expect(filled.dataset.inputs == [1, 6, 2, 4, 3, 6, 2, 8])
    #expect(filled.description.hasSuffix("2 classes, 3 missing values replaced by means"))
  }

  @Test func missingWordsAreLeftOut() throws {
    let content = try read("x,kind\n1,?\n2,b\n3,a\n4,\n") { $0.missing = .dropRow }
    #expect(content.dataset.inputs == [2, 3])
    #expect(content.dataset.targets == .classes([0, 1], names: ["b", "a"]))
  }

  @Test func rowsOfTwoFilesAreLeftOutTogether() throws {
    let targets = try folder.file("target.csv", "1\n2\n?\n".utf8)
    let (inputs, values) = try numbers("5\n?\n7\n8".replacing("\n8", with: "")) {
      $0.targetFile = targets
      $0.targets = []
      $0.missing = .dropRow
    }
    #expect(inputs == [5])
    #expect(values == [1])
  }
}
