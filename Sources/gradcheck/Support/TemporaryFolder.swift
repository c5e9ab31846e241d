import Foundation
import GradientHealth

/// A folder for files that nobody keeps; it goes with its owner.
final class TemporaryFolder {
  let path: String

  /// - Throws: An `InputError` if there is no place for it.
  init() throws {
    let url = FileManager.default.temporaryDirectory.appending(
      path: "gradcheck-\(UUID().uuidString)")
    path = url.path
    guard mkdir(path, 0o700) == 0 else {
      throw InputError(
        file: path, "the folder can't be made: \(String(cString: strerror(errno)).lowercased())")
    }
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}
