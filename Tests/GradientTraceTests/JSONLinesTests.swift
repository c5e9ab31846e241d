import Foundation
import GradientTrace
import GzipIO
import Testing

@Suite struct JSONLinesTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private let header = """
    {"format":"gradient-trace","version":1,"producer":"p 1","run":{},"layers":[\
    {"name":"input","kind":"input"},\
    {"name":"fc","kind":"dense","parameters":[{"name":"weight","shape":[2,3]}]}]}

    """

  private func steps(of text: String) throws -> [StepRecord] {
    try Trace(contentsOf: folder.file("run.jsonl", header + text)).steps()
  }

  // MARK: Round trips

  @Test(arguments: ["run.jsonl", "run.jsonl.gz"])
  func everyFieldComesBack(_ name: String) throws {
    let path = folder.path(name)
    let documents = ["check": #"{"verdict":"pass"}"#, "training": "[1,\n2]"]
    try Trace(header: FullRun.header, steps: FullRun.steps, documents: documents)
      .writeJSONLines(to: path)
    let trace = try Trace(contentsOf: path)
    #expect(trace.header == FullRun.header)
    let steps = try trace.steps()
    #expect(steps.count == FullRun.steps.count)
    for (read, written) in zip(steps, FullRun.steps) {
      #expect(read.isSame(as: written), "\(read) is not \(written)")
    }
    #expect(try trace.documentNames() == ["check", "training"])
    #expect(try trace.document("check") == documents["check"])
    #expect(try trace.document("training") == "[1, 2]")
    #expect(try folder.contents() == [name])
  }

  /// δ divided by the loss's divisor and multiplied by it again is the same number, whatever the divisor.
  @Test(arguments: [1, 3, 49, 50, 64, 128, 1797, 0.1])
  func deltasComeBackToTheLastBit(_ divisor: Double) throws {
    var run = SyntheticRun(widths: [5, 4, 3], windowSteps: 10)
    var steps = run.steps(40)
    for index in steps.indices { steps[index].lossDivisor = divisor }
    let path = folder.path("run.jsonl")
    try Trace(header: run.header, steps: steps).writeJSONLines(to: path)
    #expect(try Trace(contentsOf: path).steps() == steps)
  }

  @Test func aLogAndTheTraceImportedFromItAreTheSame() throws {
    let url = try #require(
      Bundle.module.url(
        forResource: "pytorch-cnn", withExtension: "jsonl.gz", subdirectory: "Fixtures"))
    let log = try Trace(contentsOf: url.path)
    let path = folder.path("run.gradtrace")
    try log.writeTrace(to: path)
    let trace = try Trace(contentsOf: path)
    #expect(trace.header == log.header)
    #expect(try trace.steps() == log.steps())
    try trace.writeJSONLines(to: folder.path("a.jsonl"))
    try log.writeJSONLines(to: folder.path("b.jsonl"))
    #expect(
      try Data(contentsOf: folder.url.appendingPathComponent("a.jsonl"))
        == Data(contentsOf: folder.url.appendingPathComponent("b.jsonl")))
  }

  @Test func equalRunsGiveEqualBytesWhateverTheirTimings() throws {
    var exports: [Data] = []
    for name in ["a", "b"] {
      var run = SyntheticRun(widths: [5, 4, 3], windowSteps: 10)
      let path = folder.path("\(name).gradtrace")
      let recorder = try TraceRecorder(to: path, header: run.header)
      for step in run.steps(100) { try recorder.record(step) }
      try recorder.attach(seconds: name == "a" ? 1 : 2, named: "training")
      try recorder.finish()
      try Trace(contentsOf: path).writeJSONLines(to: folder.path("\(name).jsonl"))
      exports.append(try Data(contentsOf: folder.url.appendingPathComponent("\(name).jsonl")))
    }
    #expect(exports[0] == exports[1])
  }

  // MARK: What a log may hold

  @Test func unknownKeysAndNullsAreIgnored() throws {
    let steps = try steps(
      of: """
        {"x":{"y":[1,{"z":null}]},"step":0,"loss":null,"layers":{"other":{"a":1},"fc":{"new":[],\
        "activation":{"rms":1,"what":"ever","max":null},"delta":null,"parameters":{"v":{},\
        "weight":{"rms":2,"more":true}}},"input":null}}

        {"step":1}
        """)
    #expect(
      steps[0]
        == StepRecord(
          step: 0,
          layers: [
            nil,
            LayerRecord(
              activation: TensorStatistics(rms: 1), parameters: [ParameterStatistics(rms: 2)]),
          ]))
    #expect(steps[1] == StepRecord(step: 1, layers: [nil, nil]))
  }

  @Test func nonFiniteNumbersAreStrings() throws {
    let steps = try steps(
      of:
        #"{"step":0,"loss":"NaN","layers":{"fc":{"delta":{"rms":"Infinity","mean":"-Infinity"}}}}"#
    )
    #expect(steps[0].loss?.isNaN == true)
    #expect(steps[0].layers[1]?.delta?.rms == .infinity)
    #expect(steps[0].layers[1]?.delta?.mean == -.infinity)
  }

  @Test func deltaIsPerExampleWhereverTheDivisorStands() throws {
    let steps = try steps(
      of: """
        {"step":0,"layers":{"fc":{"delta":{"count":6,"rms":0.5,"max":2,"mean":-1},\
        "deltaRmsByTime":[1,0.25]}},"lossDivisor":8}
        {"step":1,"layers":{"fc":{"delta":{"rms":0.5}}}}
        """)
    #expect(
      steps[0].layers[1]?.delta == TensorStatistics(count: 6, mean: -8, rms: 4, max: 16))
    #expect(steps[0].layers[1]?.deltaRMSByTime == [8, 2])
    #expect(steps[1].layers[1]?.delta?.rms == 0.5)
  }

  @Test func windowsAndWhatIsOfTheLayerStandInEitherPlace() throws {
    let window = UnitWindow(
      steps: 50, activeCounts: [0, 7], lastActive: [nil, 49], chanceSilent: 0.25)
    let inside = try steps(
      of: """
        {"step":0,"layers":{"fc":{"activation":{"silentUnits":1,"saturated":4,"chanceSilent":0.25,\
        "unitWindow":{"steps":50,"activeCounts":[0,7],"lastActive":[null,49]}}}}}
        """)
    let outside = try steps(
      of: """
        {"step":0,"layers":{"fc":{"silentUnits":1,"saturated":4,"unitWindow":{"steps":50,\
        "activeCounts":[0,7],"lastActive":[null,49],"chanceSilent":0.25}}}}
        """)
    #expect(inside == outside)
    #expect(inside[0].layers[1]?.unitWindow == window)
    #expect(inside[0].layers[1]?.silentUnits == 1)
    #expect(inside[0].layers[1]?.saturated == 4)
  }

  @Test func linesMayEndWithCRLFAndNamesMayHaveEscapes() throws {
    let path = try folder.file(
      "run.jsonl",
      "\u{FEFF}"
        + header.replacing("\"fc\"", with: #""a\u00e9\n\ud83d\ude00\"\\\/b""#)
        .replacing("\n", with: "\r\n")
        + #"{"step" : 0 , "layers":{"aé\n😀\"\\/b":{"silentUnits":3}}}"# + "\r\n")
    let trace = try Trace(contentsOf: path)
    #expect(trace.header.layers[1].name == "aé\n😀\"\\/b")
    #expect(try trace.steps()[0].layers[1]?.silentUnits == 3)
  }

  @Test(
    arguments: [
      ("0", 0), ("-0.5", -0.5), ("1e-3", 1e-3),
      ("123456789012345678901234567890", 1.2345678901234568e29),
      ("2.2250738585072014e-308", 2.2250738585072014e-308),
      ("1.7976931348623157E+308", .greatestFiniteMagnitude),
      ("0.1000000000000000055511151231257827", 0.1), ("9007199254740993", 9_007_199_254_740_992),
      ("4.9e-324", .leastNonzeroMagnitude), ("1e400", .infinity), ("3.0e0", 3),
    ] as [(String, Double)])
  func numbersAreReadExactly(_ text: String, _ value: Double) throws {
    #expect(try steps(of: #"{"step":0,"loss":\#(text)}"#)[0].loss == value)
  }

  // MARK: What is wrong with a log

  @Test(
    arguments: [
      (#"{"step":0"#, "the file is cut off in the middle of this line, after 9 bytes of it"),
      (
        #"{"step":0,"loss":"#,
        "the file is cut off in the middle of this line, after 17 bytes of it"
      ),
      (
        #"{"step":0,"loss":"# + "\n",
        "the line ends too early, after 17 bytes: expected a whole JSON object"
      ),
      (#"{"step":0,"loss":"high"}"#, #"expected a number at column 18, found ""high"}""#),
      (#"{"step":0,"loss":true}"#, #"expected a number at column 18, found "true}""#),
      (#"{"step":0,"loss":1.}"#, #"expected a digit at column 20, found "}""#),
      (#"{"step":-1}"#, #"expected a whole number from 0 at column 9, found "-1}""#),
      (#"{"step":1.5}"#, #"expected a whole number from 0 at column 9, found "1.5}""#),
      (#"{"step":"NaN"}"#, #"expected a whole number from 0 at column 9, found ""NaN"}""#),
      (
        #"{"loss":1}"#,
        #"expected an object with "step", a whole number, at column 2, found ""loss":1}""#
      ),
      (#"{"step":0,}"#, #"expected a key in quotation marks at column 11, found "}""#),
      (#"{"step":0 "loss":1}"#, #"expected "," or "}" at column 11, found ""loss":1}""#),
      (#"{"step":0}}"#, #"expected the end of the line at column 11, found "}""#),
      (#"[]"#, #"expected an object at column 1, found "[]""#),
      (#"hello"#, #"expected an object at column 1, found "hello""#),
      (#"{"step":0,"lossDivisor":0}"#, #"expected a positive number at column 25, found "0}""#),
      (
        #"{"step":0,"layers":{"fc":{"activeCounts":[1,4294967296]}}}"#,
        #"expected a whole number below 2^32 at column 45, found "4294967296]}}}""#
      ),
      (
        #"{"step":0,"layers":{"fc":{"unitWindow":{"activeCounts":[1,2],"lastActive":[1]}}}}"#,
        #"expected lists with one value a unit in "unitWindow" at column 40, found "{"activeCounts":[1,2],"lastActive":[1]}…""#
      ),
      (
        #"{"step":0,"x":"# + String(repeating: "[", count: 100),
        "nested deeper than 64 levels"
      ),
    ])
  func aBadLineIsNamed(_ line: String, _ message: String) throws {
    let path = try folder.file("run.jsonl", header + "{\"step\":0}\n" + line)
    #expect(throws: InputError(file: path, line: 3, message)) {
      try Trace(contentsOf: path).forEachStep { _ in }
    }
  }

  @Test func stepsMustAscend() throws {
    let path = try folder.file("run.jsonl", header + "{\"step\":5}\n{\"step\":5}\n")
    #expect(
      throws: InputError(file: path, line: 3, "found step 5 after step 5, expected ascending steps")
    ) { try Trace(contentsOf: path).forEachStep { _ in } }
  }

  @Test func keepGoingTakesWhatIsWholeAndCountsTheRest() throws {
    let path = try folder.file(
      "run.jsonl",
      header + "{\"step\":0}\nnonsense\n{\"step\":2}\n{\"step\":1}\n{\"step\":3,\"loss\":1")
    let trace = try Trace(contentsOf: path, keepGoing: true)
    #expect(try trace.steps().map(\.step) == [0, 2])
    #expect(trace.skippedLines == 3)
  }

  @Test func aLogWhoseGzipIsCutOffKeepsItsWholeLines() throws {
    var run = SyntheticRun(widths: [5, 4, 3], windowSteps: 10)
    let steps = run.steps(200)
    let path = folder.path("run.jsonl.gz")
    try Trace(header: run.header, steps: steps).writeJSONLines(to: path)
    let whole = try Data(contentsOf: URL(fileURLWithPath: path))
    try whole.prefix(whole.count / 2).write(to: URL(fileURLWithPath: path))
    #expect(
      throws: InputError(
        file: path, "the gzip data end too early: the file is cut off")
    ) { try Trace(contentsOf: path).forEachStep { _ in } }
    let trace = try Trace(contentsOf: path, keepGoing: true)
    let read = try trace.steps()
    #expect(read.count > 50)
    #expect(read == Array(steps.prefix(read.count)))
    #expect(trace.skippedLines == 1)
  }

  @Test(
    arguments: [
      (
        #"{"version":1,"layers":[]}"#,
        #"not a trace: expected "format": "gradient-trace", found no "format""#
      ),
      (
        #"{"format":"gradient-diagnosis","version":1}"#,
        #"not a trace: expected "format": "gradient-trace", found "format": "gradient-diagnosis""#
      ),
      (
        #"{"format":"gradient-trace","version":2,"layers":"elsewhere"}"#,
        "found version 2 of the trace format, expected at most 1"
      ),
      (
        #"{"format":"gradient-trace","layers":[]}"#,
        #"expected "version", a number up to 1, found none"#
      ),
      (#"{"format":"gradient-trace","version":1}"#, #"expected "layers", a list, found none"#),
      (
        #"{"format":"gradient-trace","version":1,"layers":[{"name":"a"},{"name":"a"}]}"#,
        #"found two layers named "a", expected one"#
      ),
      (
        #"{"format":"gradient-trace","version":1,"layers":[{"name":"a","parameters":[{"name":"b"},{"name":"b"}]}]}"#,
        #"found two parameters named "b" of layer "a", expected one"#
      ),
      (
        #"{"format":"gradient-trace","version":1,"layers":[{"kind":"relu"}]}"#,
        #"expected a layer with a "name" at column 50, found "{"kind":"relu"}]}""#
      ),
      (
        #"{"format":"gradient-trace","version""#,
        "the file is cut off in the middle of this line, after 36 bytes of it"
      ),
    ])
  func aBadHeaderIsNamed(_ line: String, _ message: String) throws {
    let path = try folder.file("run.jsonl", line)
    #expect(throws: InputError(file: path, line: 1, message)) { try Trace(contentsOf: path) }
  }
}
