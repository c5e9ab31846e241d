import Foundation
import GradientHealth

/// The stream that the shell hands over for results.
enum StandardOutput {
  /// Opens /dev/null for each standard stream that was closed, so that no file opened later is taken for one of them.
  static func replaceClosedStreams() {
    var descriptor = open("/dev/null", O_RDWR)
    while (0...2).contains(descriptor) { descriptor = dup(descriptor) }
    if descriptor > 2 { close(descriptor) }
  }

  /// Writes `bytes` to wherever stdout leads; never to a file by a name, which would replace what the name stands for.
  static func write(_ bytes: [UInt8]) throws(InputError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Foundation.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
      guard count > 0 || errno == EINTR else { throw failed() }
      rest = rest.dropFirst(max(count, 0))
    }
  }

  /// Sends on what was printed; a full disk is found out here at the latest.
  static func flush() throws(InputError) {
    guard fflush(nil) == 0 else { throw failed() }
  }

  private static func failed() -> InputError {
    InputError(
      file: "stdout", "can't be written: \(String(cString: strerror(errno)).lowercased())")
  }
}
