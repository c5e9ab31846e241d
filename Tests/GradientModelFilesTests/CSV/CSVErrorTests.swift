import Backpropagation
import Foundation
import GradientModelFiles
import GzipIO
import Testing

/// A file that can't be read, and the error that says so.
struct BadTable: Sendable, CustomTestStringConvertible {
  var text: String
  var line: Int?
  var message: String
  var change: @Sendable (inout CSVSource) -> Void

  init(
    _ text: String, _ line: Int?, _ message: String,
    _ change: @escaping @Sendable (inout CSVSource) -> Void = { _ in }
  ) {
    (self.text, self.line, self.message, self.change) = (text, line, message, change)
  }

  var testDescription: String { message }
}

struct CSVErrorTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  func error(_ bytes: some Sequence<UInt8>, _ change: (inout CSVSource) -> Void = { _ in })
    throws -> InputError?
  {
    var source = CSVSource(file: try folder.file("data.csv", bytes))
    change(&source)
    return #expect(throws: InputError.self) { try source.read() }
  }

  @Test(arguments: [
    BadTable("", nil, "is empty, expected rows of numbers"),
    BadTable("\n \n", nil, "is empty, expected rows of numbers"),
    BadTable("1,2\n", nil, "no rows behind the 3 skipped") { $0.skipRows = 3 },
    BadTable("a,b\n", nil, "a header but no examples behind it"),
    BadTable("1,2,3\n1,2\n", 2, "2 columns, expected 3 as in line 1"),
    BadTable("a,b,c\n1,2,3\n\n1,2,3,4\n", 4, "4 columns, expected 3 as in line 1"),
    BadTable("1,2,0\n1,abc,1\n", 2, "column 2 is \"abc\", expected a number"),
    BadTable(
      "size,mass,kind\n1,2,0\n1,1e999,1\n", 3,
      "column 2 (\"mass\") is \"1e999\", expected a number"),
    BadTable("1,2,0\ninf,2,1\n", 2, "column 1 is \"inf\", expected a number"),
    BadTable("1,2,0\n0x1F,2,1\n", 2, "column 1 is \"0x1F\", expected a number"),
    BadTable("1;2;0\n1,5;2;1\n", 2, "column 1 is \"1,5\", expected a number"),
    BadTable(
      "1,2,0\n1,NaN,1\n", 2,
      "column 2 is \"NaN\", expected a value; missing: drop-row or missing: mean allows for gaps"),
    BadTable(
      "1,2,0\n,2,1\n", 2,
      "column 1 is empty, expected a value; missing: drop-row or missing: mean allows for gaps"),
    BadTable(
      "1,2,0\n1,2,?\n", 2, "column 3 is \"?\", expected a value; missing: drop-row allows for gaps"
    ) { $0.missing = .mean },
    BadTable("?,1\n2,NA\n", nil, "every row lacks a value, expected at least one whole row") {
      $0.missing = .dropRow
    },
    BadTable(
      "150,4,setosa\n5,4,0\n", 1,
      "the first row mixes numbers (\"150\") and words (\"setosa\"); pass over it with "
        + "skip-rows: 1, or say header: true if it names the columns, header: false if it is an "
        + "example"),
    BadTable("a,b\n1,2\n", 1, "column 1 is \"a\", expected a number") { $0.header = .absent },
    BadTable(
      "length,label\n1,2\n", 1, "no column \"lable\" in the header; did you mean \"label\"?"
    ) { $0.targets = ["lable"] },
    BadTable("1,2\n3,4\n", 1, "no column \"label\": the file has no header") {
      $0.targets = ["label"]
    },
    BadTable("1,2\n", 1, "no column 65: the file has columns 1 to 2") { $0.targets = [65] },
    BadTable("1,2\n", 1, "no column 0: the file has columns 1 to 2") { $0.columns = [0] },
    BadTable("1,2\n", 1, "no column 1000000000: the file has columns 1 to 2") {
      $0.columns = ["1-1000000000"]
    },
    BadTable("1,2,3\n", 1, "no columns 2-1: a range runs upwards") { $0.columns = ["2-1"] },
    BadTable("1,2,3\n", 1, "column 2 is named twice") { $0.columns = ["1-2", 2] },
    BadTable("1,2,3\n", 1, "column 3 is both input and target") { $0.columns = ["1-3"] },
    BadTable("a,a\n1,2\n", 1, "two columns are called \"a\"") { $0.targets = ["a"] },
    BadTable("1\n2\n", 1, "no column is left to be an input"),
    BadTable("1,2\n", nil, "no target column is named, expected at least one") { $0.targets = [] },
    BadTable("1,0\n2,b\n", 2, "column 2 is \"b\", expected a number"),
    BadTable("1,red\n", 1, "column 2 is \"red\", expected a number") {
      $0.labels = .numbers
      $0.header = .absent
    },
    BadTable(
      "1,0\n2,1.5\n", 2, "column 2 is \"1.5\", expected a class: a word, or a whole number"
    ) { $0.labels = .classes },
    BadTable(
      "1,0\n2,1000000000\n", 2,
      "column 2 is \"1000000000\", expected a class: a word, or a whole number"
    ) { $0.labels = .classes },
    BadTable("1,2,3\n", nil, "2 target columns, expected one that holds classes") {
      $0.labels = .classes
      $0.targets = ["2-3"]
    },
    BadTable("1,\"2\n3,4\n", 1, "a quotation mark that is never closed"),
    BadTable("1,2\"3,\"\n", 1, "column 2 has a quotation mark, but doesn't begin with it"),
    BadTable("1,\"2\"3,4\n", 1, "column 2 goes on behind its closing quotation mark"),
    BadTable(
      "1,\u{1b}[31m\u{202e}\n", 1, "column 2 is \"\\u{1b}[31m\\u{202e}\", expected a number"
    ) {
      $0.header = .absent
      $0.labels = .numbers
    },
    BadTable(
      "1,\(String(repeating: "x", count: 100))\n", 1,
      "column 2 is \"\(String(repeating: "x", count: 39))…\", expected a number"
    ) {
      $0.header = .absent
      $0.labels = .numbers
    },
  ])
  func everyFaultIsNamedWithItsPlace(bad: BadTable) throws {
    let error = try error(bad.text.utf8, bad.change)
    #expect(error == InputError(file: folder.file("data.csv"), line: bad.line, bad.message))
  }

  @Test func faultsOfTheFileItself() throws {
    func message(_ path: String) -> String? {
      #expect(throws: InputError.self) { try CSVSource(file: path).read() }?.message
    }
    #expect(message(folder.file("none.csv")) == "no such file")
    #expect(message(folder.path) == "is a folder, expected a file")
    let packed = try Data(contentsOf: URL(fileURLWithPath: fixture("digits.csv.gz")))
    #expect(
      message(try folder.file("cut.csv.gz", packed.prefix(packed.count / 2)))
        == "the gzip data end too early: the file is cut off")
    #expect(
      try error([0xff, 0xfe, 0x31, 0]) { _ in }?.message == "is not UTF-8 text; UTF-16 perhaps")
    #expect(
      try error(Array(repeating: 0x2c, count: 2_000_000))?.message
        == "2000001 columns; 1048576 are supported")
    #expect(
      try error("1,2\n3,4\n".utf8) { $0.limit = 7 }?.message == "larger than the limit of 7 bytes")
  }

  @Test func filesOfUnequalLength() throws {
    let target = try folder.file("target.csv", "1\n2\n3\n".utf8)
    let error = try error("1\n2\n".utf8) {
      $0.targetFile = target
      $0.targets = []
    }
    #expect(error?.file == target)
    #expect(error?.message == "3 rows, expected 2 as in \(folder.file("data.csv"))")
  }

  /// No bytes crash the reader: each table is mutilated in a thousand seeded ways.
  @Test func mutilatedTablesNeverCrash() throws {
    let table = Array("x,\"y\"\"z\",kind\n1,2,a\n3.5,\"4\",\"b\n\"\n-1e5,?,c\n".utf8)
    let odd: [UInt8] = [0, 0x22, 0x2c, 0x0a, 0x0d, 0xff, 0xc3, 0x09, 0x20, 0x3b, 0x2d, 0x65, 0x2e]
    var state: UInt64 = 1
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    for _ in 0..<1000 {
      var bytes = table
      for _ in 0...random(4) {
        switch random(3) {
        case 0: bytes[random(bytes.count)] = odd[random(odd.count)]
        case 1: bytes.remove(at: random(bytes.count))
        default: bytes.insert(odd[random(odd.count)], at: random(bytes.count))
        }
      }
      var source = CSVSource(file: try folder.file("bad.csv", bytes))
      source.missing = [.error, .dropRow, .mean][random(3)]
      source.delimiter = [.automatic, .comma, .space, .tab, .semicolon][random(5)]
      source.header = [.automatic, .present, .absent][random(3)]
      if let content = try? source.read() { #expect(content.dataset.count > 0) }
    }
  }
}
