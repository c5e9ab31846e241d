import Foundation

/// A file without a name for what doesn't fit into memory: it goes with the process, however that ends.
///
/// It lies in the folder that the environment's `TMPDIR` names, else in /var/tmp, since /tmp is often memory itself.
public final class TemporaryFile {
  private let folder: String
  private var descriptor: Int32

  /// Begins an empty file; `folder` takes the place of the usual one.
  ///
  /// - Throws: An ``InputError`` if that folder can't be written to.
  public init(in folder: String? = nil) throws(InputError) {
    let named = ProcessInfo.processInfo.environment["TMPDIR"].flatMap { $0.isEmpty ? nil : $0 }
    self.folder = folder ?? named ?? "/var/tmp"
    var name = Array("\(self.folder)/gradient-data-XXXXXX".utf8CString)
    descriptor = mkstemp(&name)
    guard descriptor >= 0 else { throw failed() }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    unlink(name)
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Adds `bytes`.
  ///
  /// - Throws: An ``InputError`` if they can't be written, because the disk is full for instance.
  public func write(_ bytes: [UInt8]) throws(InputError) {
    precondition(descriptor >= 0, "expected an unfinished file, got one that is complete")
    guard writeAll(bytes, to: descriptor) else { throw failed() }
  }

  /// The file, to be read; nothing can be written to it afterwards.
  ///
  /// - Throws: An ``InputError`` if the system can't say how large it is.
  public func finish() throws(InputError) -> RandomAccessFile {
    defer { descriptor = -1 }
    return try RandomAccessFile(path: folder, complete: descriptor)
  }

  private func failed() -> InputError {
    InputError(
      file: folder,
      "can't hold the data that are read from disk: \(lastSystemError()); TMPDIR names another "
        + "folder")
  }
}
