import Foundation
import GzipIO

/// Requests and answers with a program, a line each, with limits on time and size.
final class ProgramConversation {
  private let command: String
  private let timeout: Duration
  private let shouldStop: () -> Bool
  private let process: ChildProcess
  private var unread: [UInt8] = []
  private var searched = 0
  private var lastBytes: [UInt8] = []
  private var hasErrors = true

  /// What is kept of the program's stderr, in bytes and lines.
  private static let keptBytes = 1 << 14, keptLines = 20
  /// How long a program that closed its output, or was told to end, may take to do so.
  private static let patience = Duration.seconds(1)

  /// Starts the program; `shouldStop` is asked ten times a second whether waiting has still a point.
  init(
    _ command: String, timeout: Duration, shouldStop: @escaping () -> Bool
  ) throws(ProgramError) {
    self.command = command
    self.timeout = timeout
    self.shouldStop = shouldStop
    guard let process = ChildProcess(command) else {
      throw ProgramError(
        error: InputError(
          file: command,
          "can't be started: \(String(cString: strerror(errno)).lowercased())"), lastWords: [])
    }
    self.process = process
  }

  /// Sends a request, if there is one, and waits for a line of at most so many bytes.
  ///
  /// - Throws: A ``ProgramError``, or a `CancellationError` where waiting lost its point.
  func line(answering request: Request?, limit: Int) throws -> [UInt8] {
    let purpose = request.map { "answering \($0.kind.rawValue.quoted)" } ?? "its first line"
    guard unread.isEmpty else {
      throw error("printed \(quoted(Array(unread.prefix { $0 != 0x0a }))) without being asked")
    }
    let bytes = request?.line ?? []
    var sent = 0
    let clock = ContinuousClock(), deadline = clock.now + timeout
    while true {
      if sent == bytes.count, let line = takeLine() { return line }
      guard unread.count <= limit else {
        throw error("\(purpose), printed more than \(limit.grouped) bytes without a line's end")
      }
      guard !shouldStop() else { throw CancellationError() }
      guard clock.now < deadline else {
        throw error("took longer than \(timeout.seconds) for \(purpose)")
      }
      let ready = poll(wantsToSend: sent < bytes.count)
      if ready.errors { readErrors() }
      if ready.input { sent += send(bytes[sent...]) ?? bytes.count - sent }
      if ready.output, !readOutput() { throw ended(insteadOf: purpose) }
    }
  }

  /// Tells the program to end, and gives it a moment to do so; then it is ended.
  func end() {
    _ = send(Request(kind: .end).line[...])
    process.closeInput()
    _ = process.end(within: Self.patience)
  }

  /// An error about the program, with the end of its stderr.
  func error(_ message: String) -> ProgramError {
    if poll(wantsToSend: false, patience: 0).errors { readErrors() }
    let lines = String(decoding: lastBytes, as: UTF8.self).split(separator: "\n")
    return ProgramError(
      error: InputError(file: command, message),
      lastWords: lines.suffix(Self.keptLines).map { String($0.prefix(200)) })
  }

  private func ended(insteadOf purpose: String) -> ProgramError {
    let rest = unread.isEmpty ? "" : "; its last line is cut off: \(quoted(unread))"
    let end = process.end(within: Self.patience)
    while hasErrors, poll(wantsToSend: false, patience: 0).errors { readErrors() }
    let how =
      switch end {
      case .exit(127): "was not found, or ended with exit status 127,"
      case .exit(let status): "ended with exit status \(status)"
      case .signal(let number): "was ended by signal \(number)"
      case nil: "closed its output"
      }
    return error("\(how) instead of \(purpose)\(rest)")
  }

  private func poll(
    wantsToSend: Bool, patience: Int32 = 100
  ) -> (input: Bool, output: Bool, errors: Bool) {
    var descriptors = [
      pollfd(fd: wantsToSend ? process.input : -1, events: Int16(POLLOUT), revents: 0),
      pollfd(fd: process.output, events: Int16(POLLIN), revents: 0),
      pollfd(fd: hasErrors ? process.errors : -1, events: Int16(POLLIN), revents: 0),
    ]
    let count = Foundation.poll(&descriptors, nfds_t(descriptors.count), patience)
    guard count > 0 else { return (false, false, false) }
    return (descriptors[0].revents != 0, descriptors[1].revents != 0, descriptors[2].revents != 0)
  }

  /// Sends what fits, and says how much that was; nil if the program reads no more.
  private func send(_ bytes: ArraySlice<UInt8>) -> Int? {
    // A pipe that nobody reads raises a signal, which would end this process.
    var signals = sigset_t(), before = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGPIPE)
    pthread_sigmask(SIG_BLOCK, &signals, &before)
    let count = bytes.withUnsafeBytes { write(process.input, $0.baseAddress, $0.count) }
    let code = errno
    if count < 0, code == EPIPE {
      var none = timespec()
      sigtimedwait(&signals, nil, &none)
    }
    pthread_sigmask(SIG_SETMASK, &before, nil)
    if count >= 0 { return count }
    return code == EAGAIN || code == EINTR ? 0 : nil
  }

  /// Takes in what the program has printed; false at the end.
  private func readOutput() -> Bool {
    let before = unread.count
    return read(process.output, into: &unread) != 0 || unread.count > before
  }

  private func readErrors() {
    hasErrors = read(process.errors, into: &lastBytes) != 0
    if lastBytes.count > Self.keptBytes { lastBytes.removeFirst(lastBytes.count - Self.keptBytes) }
  }

  /// Reads once: the number of bytes, 0 at the end, negative where there is nothing now.
  private func read(_ descriptor: Int32, into bytes: inout [UInt8]) -> Int {
    withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 1) { room in
      let count = Foundation.read(descriptor, room.baseAddress, room.count)
      if count > 0 { bytes.append(contentsOf: room[..<count]) }
      return count
    }
  }

  private func takeLine() -> [UInt8]? {
    guard let end = unread[searched...].firstIndex(of: 0x0a) else {
      searched = unread.count
      return nil
    }
    let line = Array(unread[..<end])
    unread.removeFirst(end + 1)
    searched = 0
    return line
  }
}

/// The beginning of a line that a program printed, in quotation marks.
func quoted(_ line: [UInt8]) -> String { String(decoding: line.prefix(200), as: UTF8.self).quoted }

extension Duration {
  /// `60 s`, `0.5 s`.
  fileprivate var seconds: String {
    let seconds = self / .seconds(1)
    return (seconds == seconds.rounded() ? "\(Int(seconds))" : "\(seconds)") + " s"
  }
}
