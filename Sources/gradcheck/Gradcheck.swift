import ArgumentParser
import Foundation
import GradientHealth

/// The command line: its subcommands, one file each in Commands.
struct Gradcheck: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gradcheck",
    abstract: "Are a model's gradients right, and are they healthy?",
    // Two lines that say nothing, where the list below needs the room.
    usage: "",
    discussion: """
      gradcheck run Examples/digits/model.yaml   check, train, diagnose, report
      gradcheck report run.jsonl.gz              judge a run recorded elsewhere
      """,
    version: gradientHealthVersion,
    subcommands: [
      Run.self,
      Check.self,
      Train.self,
      SweepCommand.self,
      Gradients.self,
      Diagnose.self,
      MakeReport.self,
      ChartCommand.self,
      Compare.self,
      Assert.self,
      BaselineCommand.self,
      Watch.self,
      CureCommand.self,
      Import.self,
      Export.self,
      Explain.self,
      SelftestCommand.self,
    ],
    defaultSubcommand: Run.self)
}

@main
enum Main {
  static func main() {
    // A full disk or a quota is an error that is told, not the end of the program.
    signal(SIGXFSZ, SIG_IGN)
    StandardOutput.replaceClosedStreams()
    LargeBlocks.returnWhenFreed()
    do {
      var command = try Gradcheck.parseAsRoot()
      let outcome = Result { try command.run() }
      try StandardOutput.flush()
      try outcome.get()
    } catch let status as ExitStatus {
      exit(status.rawValue)
    } catch let error where isOurs(error) {
      complain("\(error)")
      exit(ExitStatus.unusable.rawValue)
    } catch {
      // Help and the version end well; what the parser could not read is unusable.
      let isFine = Gradcheck.exitCode(for: error) == .success
      let text = Gradcheck.fullMessage(for: error)
      if isFine { print(text) } else { FileHandle.standardError.write(Data((text + "\n").utf8)) }
      exit(isFine ? 0 : ExitStatus.unusable.rawValue)
    }
  }

  /// Whether an error is one that this project's code throws, and not one of the argument parser's.
  private static func isOurs(_ error: any Error) -> Bool {
    error is InputError || error is NetworkError || error is PolicyError || error is ProgramError
  }
}
