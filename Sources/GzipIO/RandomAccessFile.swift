import Foundation

/// A file of which any part can be read at any time.
///
/// Whoever reads a file twice relies on it to stay as it is: one that was written to since it was opened is an error.
public final class RandomAccessFile: Sendable {
  /// The file as the user named it.
  public let path: String
  /// How many bytes it has.
  public var size: Int { original.size }

  private let descriptor: Int32
  private let original: FileVersion

  /// Opens the file at `path`.
  ///
  /// - Throws: An ``InputError`` if it can't be opened, or is no regular file.
  public init(path: String) throws(InputError) {
    guard !path.utf8.contains(0) else { throw InputError(file: path, "no such file") }
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    self.path = path
    guard descriptor >= 0 else {
      throw InputError(
        file: path, errno == ENOENT ? "no such file" : "can't be read: \(lastSystemError())")
    }
    guard let version = FileVersion(descriptor) else {
      close(descriptor)
      throw InputError(file: path, "is no regular file, expected one")
    }
    original = version
  }

  /// Takes over a file that is complete and that nobody else can reach.
  init(path: String, complete descriptor: Int32) throws(InputError) {
    self.path = path
    self.descriptor = descriptor
    guard let version = FileVersion(descriptor) else {
      close(descriptor)
      throw InputError(file: path, "can't be read: \(lastSystemError())")
    }
    original = version
  }

  deinit { close(descriptor) }

  /// At most `count` bytes from `offset` on; fewer at the file's end.
  ///
  /// - Throws: An ``InputError`` if they can't be read, or if the file has changed since it was opened.
  public func bytes(at offset: Int, count: Int) throws(InputError) -> [UInt8] {
    guard offset >= 0, offset < size else { return [] }
    var isRead = true
    let bytes = [UInt8](unsafeUninitializedCapacity: min(count, size - offset)) { buffer, filled in
      while filled < buffer.count {
        let more = retryingWhenInterrupted {
          pread(
            descriptor, buffer.baseAddress.map { $0 + filled }, buffer.count - filled,
            off_t(offset + filled))
        }
        isRead = more >= 0
        if more <= 0 { break }
        filled += more
      }
    }
    guard isRead else { throw InputError(file: path, "can't be read: \(lastSystemError())") }
    guard FileVersion(descriptor) == original else {
      throw InputError(file: path, "was changed while it was being read")
    }
    return bytes
  }

  /// Tells the system that these bytes are wanted soon.
  public func readAhead(at offset: Int, count: Int) {
    #if os(Linux)
      posix_fadvise(descriptor, off_t(offset), off_t(count), POSIX_FADV_WILLNEED)
    #endif
  }
}

/// What tells whether a file has been written to.
private struct FileVersion: Equatable {
  let size: Int
  private let seconds: Int, nanoseconds: Int

  /// The version of a regular file; nil for anything else.
  init?(_ descriptor: Int32) {
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    size = Int(status.st_size)
    #if os(Linux)
      let time = status.st_mtim
    #else
      let time = status.st_mtimespec
    #endif
    (seconds, nanoseconds) = (Int(time.tv_sec), Int(time.tv_nsec))
  }
}
