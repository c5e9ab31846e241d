import Foundation
import Testing

/// Runs the built `gradcheck` as a user would, in a folder of its own.
struct Command {
  /// What a run of the command came to.
  struct Result {
    var status: Int32
    var output: String
    var errors: String
  }

  /// The folder of this package.
  static let package = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// A folder that is removed with this value's owner.
  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory
      .appending(path: "gradcheck-tests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  /// Removes the folder.
  func clean() { try? FileManager.default.removeItem(at: folder) }

  /// Writes a file into the folder.
  @discardableResult
  func write(_ text: String, to name: String) throws -> String {
    let url = folder.appending(path: name)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
    return url.path
  }

  /// Whether a file is in the folder.
  func has(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: folder.appending(path: name).path)
  }

  /// The names of all files in the folder.
  var files: [String] {
    (FileManager.default.enumerator(atPath: folder.path)?.allObjects as? [String] ?? []).sorted()
  }

  /// A file's text.
  func text(of name: String) throws -> String {
    try String(contentsOf: folder.appending(path: name), encoding: .utf8)
  }

  /// Runs the command to its end.
  func callAsFunction(
    _ arguments: String..., environment: [String: String] = [:]
  ) throws -> Result {
    try run(Self.executable, arguments, environment: environment)
  }

  /// Runs the command with a list of arguments.
  func call(_ arguments: [String], environment: [String: String] = [:]) throws -> Result {
    try run(Self.executable, arguments, environment: environment)
  }

  /// Runs a shell script in which `$gradcheck` is the command.
  @discardableResult func shell(_ script: String) throws -> Result {
    try run(URL(filePath: "/bin/bash"), ["-c", script], environment: [:])
  }

  /// The command, to be started with its output thrown away.
  func process(_ arguments: [String], environment: [String: String]) -> Process {
    let process = process(Self.executable, arguments, environment: environment)
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    return process
  }

  private func process(
    _ executable: URL, _ arguments: [String], environment: [String: String]
  ) -> Process {
    let process = Process()
    process.executableURL = executable
    process.arguments = arguments
    process.currentDirectoryURL = folder
    var variables = ProcessInfo.processInfo.environment
    variables["gradcheck"] = Self.executable.path
    variables["products"] = Self.executable.deletingLastPathComponent().path
    variables["package"] = Self.package.path
    variables.merge(environment) { $1 }
    process.environment = variables
    return process
  }

  private func run(
    _ executable: URL, _ arguments: [String], environment: [String: String]
  ) throws -> Result {
    let process = process(executable, arguments, environment: environment)
    // Files, not pipes: a pipe that nobody empties would stop the command.
    let name = UUID().uuidString
    let places = ["out", "err"].map {
      FileManager.default.temporaryDirectory.appending(path: "\(name).\($0)")
    }
    for place in places { try Data().write(to: place) }
    defer { for place in places { try? FileManager.default.removeItem(at: place) } }
    process.standardOutput = try FileHandle(forWritingTo: places[0])
    process.standardError = try FileHandle(forWritingTo: places[1])
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return Result(
      status: process.terminationReason == .exit
        ? process.terminationStatus : 128 + process.terminationStatus,
      output: try String(contentsOf: places[0], encoding: .utf8),
      errors: try String(contentsOf: places[1], encoding: .utf8))
  }

  /// The executable lies beside the tests.
  static let executable: URL = {
    let tests = Bundle.allBundles.map(\.bundleURL).first { $0.pathExtension == "xctest" }
    let folder =
      tests?.deletingLastPathComponent()
      ?? URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
    return folder.appending(path: "gradcheck")
  }()
}

/// Expects that the command refuses `arguments` with one line, and leaves the files around it as they were.
func expect(
  _ arguments: [String], toFailWith message: String, files: [String: String] = [:],
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let command = try Command()
  defer { command.clean() }
  for (name, text) in files { try command.write(text, to: name) }
  let before = command.files
  let result = try command.call(arguments)
  #expect(result.errors == "gradcheck: \(message)\n", sourceLocation: sourceLocation)
  #expect(result.status == 2, sourceLocation: sourceLocation)
  #expect(command.files == before, sourceLocation: sourceLocation)
}
