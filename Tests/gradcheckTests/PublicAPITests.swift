import Foundation
import GradientHealth
import Testing

/// `Scripts/api` on a package of one small module: what a version has had doesn't go without having been deprecated.
@Suite struct PublicAPITests {
  /// The package in a repository, with a `swift` that knows where its module is.
  private func with(_ body: (Command) throws -> Void) throws {
    let command = try Command()
    defer { command.clean() }
    try command.write(
      #"""
      #!/bin/bash
      case "$1 $2" in
        "package dump-package") echo '{"targets": [{"type": "regular", "name": "Small"}]}' ;;
        "build --show-bin-path") echo "$PWD/build" ;;
        *) exec "$swift" "$@" ;;
      esac
      """#, to: "bin/swift")
    try command.write("build\nbin\n", to: ".gitignore")
    try command.shell(
      """
      chmod +x bin/swift; mkdir -p Scripts build/Modules; cp "$package/Scripts/api" Scripts
      git init --quiet
      """)
    try body(command)
  }

  /// Compiles a module with these declarations, of a package of this version, and runs `Scripts/api`.
  private func api(
    _ command: Command, option: String = "", version: String = "0.1.0", _ declarations: String...
  ) throws -> Command.Result {
    let version = "/// Its version.\npublic let gradientHealthVersion: String = \"\(version)\"\n"
    let source = declarations.map { "/// It is.\n\($0)\n" }.joined()
    try command.write(version, to: "Sources/GradientRecording/RunRecording.swift")
    try command.write(source, to: "Sources/Small/Small.swift")
    return try command.shell(
      """
      export swift=$(command -v swift); PATH=$PWD/bin:$PATH
      "$(dirname "$(readlink -f "$swift")")/swiftc" -emit-module -module-name Small \
        -emit-module-path build/Modules/Small.swiftmodule Sources/Small/Small.swift >&2 || exit 99
      python3 Scripts/api \(option)
      """)
  }

  private func commit(_ command: Command, tag: String? = nil) throws {
    let result = try command.shell(
      """
      git add --all
      git -c user.name=user -c user.email=user@example.org commit --quiet --message lists
      \(tag.map { "git tag \($0)" } ?? "")
      """)
    #expect(result.status == 0, "\(result.errors)")
  }

  private let kept = "public func kept() {}"
  private let gone = "public func gone() {}"
  private let deprecated =
    "@available(*, deprecated, message: \"use kept()\") public func gone() {}"
  private let list = "Documentation/api/Small.txt"

  @Test func whatWasPromisedDoesNotGo() throws {
    try with { command in
      #expect(try api(command, kept, gone).status == 0)
      #expect(try command.text(of: list) == "func gone()\nfunc kept()\n")
      try commit(command)

      let refused = try api(command, kept)
      #expect(refused.status == 1)
      let error =
        "error: Small.txt: gone without having been deprecated in a version: func gone()\n"
      #expect(refused.output.hasPrefix(error), "\(refused)")
      #expect(try command.text(of: list) == "func gone()\nfunc kept()\n", "nothing is written")
      #expect(try api(command, option: "--check", kept).status == 1)
      #expect(
        try api(command, option: "--unreleased", kept).status == 0, "before the first version")
      #expect(try command.text(of: list) == "func kept()\n")
    }
  }

  @Test func itIsDeprecatedInOneMinorVersionAndGoesInALaterOne() throws {
    try with { command in
      #expect(try api(command, kept, gone).status == 0)
      try commit(command, tag: "0.1.0")
      // What no version has had may come and go.
      #expect(try api(command, kept, gone, "public func tried() {}").status == 0)
      try commit(command)
      #expect(try api(command, kept, gone).status == 0)

      #expect(try api(command, version: "0.2.0", kept, deprecated).status == 0)
      #expect(try command.text(of: list) == "func gone()  // deprecated\nfunc kept()\n")
      try commit(command)
      // Not in the version that deprecates it.
      for option in ["", "--check", "--unreleased"] {
        let early = try api(command, option: option, version: "0.2.0", kept)
        #expect(early.status == 1, "\(option)")
        let error = "error: Small.txt: gone without having been deprecated in 0.1.0: func gone()\n"
        #expect(early.output.contains(error), "\(option): \(early)")
      }
      #expect(try api(command, version: "0.2.0", kept, deprecated).status == 0)
      try commit(command, tag: "0.2.0")

      let patch = try api(command, version: "0.2.1", kept)
      #expect(patch.status == 1)
      #expect(
        patch.output.hasPrefix(
          "error: Small.txt: gone in the same minor version as 0.2.0, which deprecates it: ")
      )
      #expect(try api(command, version: "0.3.0", kept).status == 0)
      #expect(try api(command, option: "--check", version: "0.3.0", kept).status == 0)
      #expect(try command.text(of: list) == "func kept()\n")
    }
  }

  @Test func withATypeGoesWhatBelongsToIt() throws {
    let old = """
      @available(*, deprecated, message: "use kept()") public struct Old: Equatable {
        /// It is.
        public var size: Int = 0
      }
      """
    try with { command in
      #expect(try api(command, kept, old).status == 0)
      #expect(
        try command.text(of: list) == """
          Old: conforms to Swift.Equatable  // deprecated
          Old: var size: Int  // deprecated
          func kept()
          struct Old  // deprecated

          """)
      try commit(command)
      #expect(try api(command, kept).status == 0)
    }
  }
}
