import Foundation
import Testing

/// `gradcheck watch`, as a user calls it.
@Suite struct WatchTests {
  private static func example(_ name: String) -> String {
    Command.package.appending(path: "Examples/\(name)/model.yaml").path
  }

  @Test func aRunThatHasEndedIsDiagnosed() throws {
    let command = try Command()
    defer { command.clean() }
    #expect(
      try command("train", Self.example("vanishing"), "--output", "run.gradtrace", "--quiet")
        .status == 0)
    let result = try command("watch", "run.gradtrace")
    #expect(result.status == 1 && result.errors == "")
    let lines = result.output.split(separator: "\n").map(String.init)
    #expect(lines.allSatisfy { $0.count <= 80 })
    #expect(lines[1] == "  Step       400 of 400 · ended")
    #expect(
      lines[2] == "  Health     ERROR     vanishing gradient in dense-1 … dense-10, since step 0")
    let deltas = lines.filter { $0.hasPrefix("  δ ") }
    #expect(deltas.count == 8)
    // All share one scale: δ is high at the output and at the bottom near the input.
    #expect(deltas.first?.contains("██████") == true && deltas.last?.contains("▁▁▁▁▁▁") == true)
    #expect(!result.output.contains("\u{1b}"))
  }

  @Test func aRunIsFollowedFromItsBeginningToItsEnd() throws {
    let command = try Command()
    defer { command.clean() }
    try command.write(InterruptionTests.endless, to: "model.yaml")
    let result = try command.shell(
      """
      cp "$package/Examples/data/digits.csv.gz" .
      "$gradcheck" watch endless.gradtrace --every 0.2 > pages & watch=$!
      sleep 0.5
      "$gradcheck" train model.yaml --quiet & job=$!
      for i in $(seq 600); do grep -q "Step       [1-9].* a second" pages && break; sleep 0.1; done
      "$gradcheck" watch endless.gradtrace --once > once; echo "once $?"
      kill -INT $job
      wait $job
      wait $watch; echo "ended $?"
      """)
    #expect(result.errors == "")
    #expect(result.output == "once 0\nended 0\n")
    let pages = try command.text(of: "pages")
    #expect(pages.hasPrefix("  waiting for endless.gradtrace\n"))
    #expect(pages.contains("  Health     …         no alarm so far\n"))
    #expect(pages.contains(" of 100,000,000 · ended\n"))
    #expect(try command.text(of: "once").contains(" of 100,000,000"))
  }

  @Test func aLogIsShownAsFarAsItIsWhole() throws {
    let command = try Command()
    defer { command.clean() }
    let head =
      #"{"format":"gradient-trace","version":1,"producer":"test","run":{"plannedSteps":3},"#
      + #""layers":[{"name":"input","kind":"input","inputs":[]}]}"#
    func log(_ steps: Int) -> String {
      head + "\n"
        + (0..<steps).map { "{\"step\":\($0),\"loss\":\(3 - $0),\"layers\":{}}\n" }.joined()
    }
    try command.write(log(2) + "{\"step\":2,\"lo", to: "run.jsonl")
    let growing = try command("watch", "run.jsonl", "--once")
    #expect(growing.status == 0 && growing.errors == "")
    #expect(growing.output.contains("  Step       2 of 3\n"))
    try command.write(log(3), to: "run.jsonl")
    let whole = try command("watch", "run.jsonl")
    #expect(whole.output.contains("  Step       3 of 3 · ended\n"))
  }

  @Test func badInputIsSaid() throws {
    let command = try Command()
    defer { command.clean() }
    let missing = try command("watch", "nothing.gradtrace", "--once")
    #expect(missing.status == 2)
    #expect(missing.errors == "gradcheck: nothing.gradtrace: no such file\n")
    #expect(try command("watch", "nothing.gradtrace", "--every", "0").status == 2)
    // What is just being made is given time, but not for ever.
    try command.write("", to: "new.running.gradtrace")
    let made = try command.shell(
      """
      "$gradcheck" train "$package/Examples/digits/model.yaml" --output done.gradtrace --quiet
      "$gradcheck" watch new.gradtrace --every 0.1 & watch=$!
      sleep 0.5
      mv done.gradtrace new.gradtrace; rm new.running.gradtrace
      wait $watch
      """)
    #expect(made.status == 0 && made.errors == "" && made.output.contains(" · ended\n"))
    try command.write("no trace", to: "other.gradtrace")
    let other = try command("watch", "other.gradtrace")
    #expect(other.status == 2 && other.errors.hasPrefix("gradcheck: other.gradtrace:"))
  }
}
