import Foundation
import Testing

/// Training on data that stay on disk, as a user sees it.
@Suite struct StreamTests {
  private static func model(_ data: String, input: Int = 64, classes: Int = 10) -> String {
    """
    model: {name: digits, input: [\(input)], layers: [{dense: 16}, relu, {dense: \(classes)}]}
    loss: softmax-cross-entropy
    data: {\(data)}
    training: {epochs: 3, batch: 50, optimizer: adam}

    """
  }

  /// The same weights to the last bit, and the same records: with and without, at once and resumed.
  @Test func weightsAndRecordsAreThoseOfDataInMemory() throws {
    let command = try Command()
    defer { command.clean() }
    let data = "file: digits.csv.gz, normalize: standard"
    try command.write(Self.model(data), to: "memory.yaml")
    try command.write(Self.model(data + ", stream: true"), to: "stream.yaml")
    try command.write(
      Self.model(data + ", stream: true").replacing("epochs: 3", with: "epochs: 1"), to: "part.yaml"
    )
    let result = try command.shell(
      """
      cp "$package/Examples/data/digits.csv.gz" . && set -e
      for name in memory stream; do
        "$gradcheck" train $name.yaml --quiet --output $name.gradtrace \
          --save-weights $name.safetensors
        "$gradcheck" export $name.gradtrace --format jsonl | tail -n +2 > $name.jsonl
      done
      cmp memory.safetensors stream.safetensors
      cmp memory.jsonl stream.jsonl
      "$gradcheck" train part.yaml --quiet --checkpoint state.safetensors
      "$gradcheck" train stream.yaml --quiet --resume state.safetensors \
        --save-weights resumed.safetensors
      cmp memory.safetensors resumed.safetensors
      "$gradcheck" run stream.yaml
      """)
    #expect(result.status == 0, "\(result.output)\(result.errors)")
    #expect(result.output.contains("10 classes, read from disk"), "\(result.output)")
  }

  /// The numbers of 300,000 examples would take 2.4 GB in memory; the process has less than a tenth of that.
  @Test func memoryStaysBounded() throws {
    let command = try Command()
    defer { command.clean() }
    try command.write(
      Self.model(
        "input: {file: x.npy}, target: {file: y.npy}, normalize: standard, stream: true",
        input: 1000, classes: 2
      ).replacing("epochs: 3", with: "steps: 20"), to: "model.yaml")
    func array(_ name: String, _ shape: String, _ size: Int) throws {
      let header = "{'descr': '|u1', 'fortran_order': False, 'shape': \(shape), }"
      let padded = header.padding(toLength: 117, withPad: " ", startingAt: 0) + "\n"
      var bytes: [UInt8] = [0x93]
      bytes += Array("NUMPY".utf8) + [1, 0, 118, 0] + Array(padded.utf8)
      let url = command.folder.appending(path: name)
      try Data(bytes).write(to: url)
      // Zeros that take no room on the disk.
      try FileHandle(forWritingTo: url).truncate(atOffset: UInt64(bytes.count + size))
    }
    try array("x.npy", "(300000, 1000)", 300_000_000)
    try array("y.npy", "(300000,)", 300_000)
    let result = try command.shell(
      """
      "$gradcheck" train model.yaml --quiet & job=$!
      while peak=$(grep VmHWM /proc/$job/status 2>/dev/null); do last=$peak; sleep 0.02; done
      wait $job && echo $last | tr -dc 0-9
      """)
    #expect(result.status == 0, "\(result.errors)")
    let peak = try #require(Int(result.output.trimmingCharacters(in: .whitespacesAndNewlines)))
    #expect(peak > 1000 && peak < 240_000, "\(peak) KiB")
  }

  @Test func aDiskWithoutRoomIsAnError() throws {
    let command = try Command()
    defer { command.clean() }
    try command.write(Self.model("file: digits.csv.gz, stream: true"), to: "model.yaml")
    let full = try command.shell(
      """
      cp "$package/Examples/data/digits.csv.gz" . && mkdir room && export TMPDIR=$PWD/room
      trap '' XFSZ && ulimit -f 100 && "$gradcheck" train model.yaml
      """)
    #expect(full.status == 2)
    #expect(
      full.errors.hasSuffix(
        "/room: can't hold the data that are read from disk: file too large; TMPDIR names another "
          + "folder\n"), "\(full.errors)")
    #expect(command.files == ["digits.csv.gz", "model.yaml", "room"])
    let none = try command("train", "model.yaml", environment: ["TMPDIR": "/none"])
    #expect(none.status == 2)
    #expect(
      none.errors
        == "gradcheck: /none: can't hold the data that are read from disk: no such file or "
        + "directory; TMPDIR names another folder\n")
  }
}
