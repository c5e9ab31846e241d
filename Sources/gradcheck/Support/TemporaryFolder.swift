import Foundation
import GradientHealth

/// A folder for files that nobody keeps; it goes with its owner, or where that was killed with the next one.
final class TemporaryFolder {
  let path: String
  private let descriptor: Int32

  /// - Throws: An `InputError` if there is no place for it.
  init() throws {
    let parent = FileManager.default.temporaryDirectory.path
    Ownership.removeAbandoned(in: parent) {
      $0.wholeMatch(of: /gradcheck-[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}/) != nil
    }
    while true {
      let path = "\(parent)/gradcheck-\(UUID().uuidString)"
      guard mkdir(path, 0o700) == 0 else { throw Self.failure(path) }
      let descriptor = open(path, O_RDONLY | O_CLOEXEC)
      // Another process may have taken it for abandoned.
      guard descriptor >= 0 || errno == ENOENT else { throw Self.failure(path) }
      if descriptor >= 0, Ownership.take(descriptor) {
        self.path = path
        self.descriptor = descriptor
        return
      }
      if descriptor >= 0 { close(descriptor) }
    }
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
    close(descriptor)
  }

  private static func failure(_ path: String) -> InputError {
    InputError(
      file: path, "the folder can't be made: \(String(cString: strerror(errno)).lowercased())")
  }
}
