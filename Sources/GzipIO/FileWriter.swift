import CZlib
import Foundation

/// Writes a file, gzip if its name ends with `.gz`, that appears under its name only when it is complete.
///
/// The bytes go to a file beside it, which ``close()`` renames; an error, or letting go of the writer before, removes
/// that file and leaves what stood under the name. What a killed process left there goes when the file is next written. A
/// device or a pipe is written directly.
public final class FileWriter {
  /// The file as the user named it.
  public let path: String
  private let destination: String
  /// The file beside it, until it has been renamed; nil from the start where the destination is written directly.
  private var unfinished: String?
  private var descriptor: Int32
  private var deflater: Deflater?
  private var pending: [UInt8] = []

  /// Begins the file that will stand at `path`.
  ///
  /// - Throws: An ``InputError`` if its folder doesn't exist or can't be written, or if `path` is a folder.
  public init(path: String) throws(InputError) {
    guard !path.utf8.contains(0) else {
      throw InputError(file: path, "can't be written: a name can't hold a NUL character")
    }
    var status = stat()
    let exists = stat(path, &status) == 0
    let kind = status.st_mode & S_IFMT
    guard !exists || kind != S_IFDIR else {
      throw InputError(file: path, "is a folder, expected the name of a file to write")
    }
    self.path = path
    // A link stays a link: what it points to is replaced.
    destination = exists ? resolved(path) : path
    let isDirect = exists && kind != S_IFREG
    if isDirect {
      descriptor = open(destination, O_WRONLY | O_CLOEXEC)
    } else {
      removeLeftovers(of: destination)
      (unfinished, descriptor) = unfinishedFile(for: destination)
    }
    guard descriptor >= 0 else {
      throw InputError(
        file: path,
        errno == ENOENT
          ? "can't be written: no such folder" : "can't be written: \(lastSystemError())")
    }
    if path.hasSuffix(".gz") { deflater = Deflater() }
  }

  deinit { abandon() }

  /// Adds `bytes`.
  ///
  /// - Throws: An ``InputError`` if they can't be written, because the disk is full for instance.
  public func write(_ bytes: some Sequence<UInt8>) throws(InputError) {
    pending.append(contentsOf: bytes)
    if pending.count >= 1 << 18 { try flush(isLast: false) }
  }

  /// Adds `text` as UTF-8.
  ///
  /// - Throws: An ``InputError`` if it can't be written, because the disk is full for instance.
  public func write(_ text: String) throws(InputError) { try write(text.utf8) }

  /// Completes the file and gives it its name; nothing can be written afterwards.
  ///
  /// - Throws: An ``InputError`` if that fails; the name then stands for what it stood for before.
  public func close() throws(InputError) {
    guard descriptor >= 0 else { return }
    try flush(isLast: true)
    if let unfinished {
      // Until it has its name, nobody may take it for abandoned.
      let owner = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
      defer { if owner >= 0 { Foundation.close(owner) } }
      // Renamed before its bytes have reached the disk, a file can be empty after a power failure.
      guard fsync(descriptor) == 0, release() == 0, rename(unfinished, destination) == 0 else {
        throw failed()
      }
      self.unfinished = nil
    } else {
      guard release() == 0 else { throw failed() }
    }
  }

  private func flush(isLast: Bool) throws(InputError) {
    precondition(descriptor >= 0, "expected an open file, got one that was closed or has failed")
    var bytes = pending
    pending.removeAll(keepingCapacity: true)
    if let deflater { bytes = deflater.deflated(&bytes, isLast: isLast) }
    guard writeAll(bytes, to: descriptor) else { throw failed() }
  }

  private func failed() -> InputError {
    let error = InputError(file: path, "can't be written: \(lastSystemError())")
    abandon()
    return error
  }

  private func abandon() {
    if descriptor >= 0 { _ = release() }
    if let unfinished { unlink(unfinished) }
    unfinished = nil
  }

  private func release() -> Int32 {
    defer { descriptor = -1 }
    return Foundation.close(descriptor)
  }
}

/// Packs bytes into one gzip member.
private final class Deflater {
  /// zlib keeps the address of its state, so it must not move.
  private let stream: UnsafeMutablePointer<z_stream>

  init() {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    let status = gh_deflateInitGzip(stream, 6)
    precondition(status == Z_OK, "zlib can't start: out of memory")
  }

  deinit {
    deflateEnd(stream)
    stream.deallocate()
  }

  func deflated(_ bytes: inout [UInt8], isLast: Bool) -> [UInt8] {
    var packed: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    bytes.withUnsafeMutableBufferPointer { input in
      stream.pointee.next_in = input.baseAddress
      stream.pointee.avail_in = UInt32(input.count)
      repeat {
        let count = chunk.withUnsafeMutableBufferPointer { output in
          stream.pointee.next_out = output.baseAddress
          stream.pointee.avail_out = UInt32(output.count)
          deflate(stream, isLast ? Z_FINISH : Z_NO_FLUSH)
          return output.count - Int(stream.pointee.avail_out)
        }
        packed += chunk[..<count]
      } while stream.pointee.avail_out == 0
    }
    return packed
  }
}

/// `path` with its links followed.
private func resolved(_ path: String) -> String {
  guard let real = realpath(path, nil) else { return path }
  defer { free(real) }
  return String(cString: real)
}

/// A new file beside `path`, with the descriptor through which it is owned; that is negative where it can't be made.
private func unfinishedFile(for path: String) -> (name: String?, descriptor: Int32) {
  while true {
    let unique = String(UInt32.random(in: 0...UInt32.max), radix: 36)
    let name = "\(path).\(getpid())-\(unique).unfinished"
    let descriptor = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { return (nil, descriptor) }
    if Ownership.take(descriptor) { return (name, descriptor) }
    close(descriptor)
  }
}

/// Removes what killed processes left of a file.
private func removeLeftovers(of path: String) {
  let slash = path.lastIndex(of: "/")
  let folder = slash.map { path[..<$0] }.map { $0.isEmpty ? "/" : String($0) } ?? "."
  let name = slash.map { path[path.index(after: $0)...] } ?? path[...]
  Ownership.removeAbandoned(in: folder) {
    $0.hasPrefix(name)
      && $0.dropFirst(name.count).wholeMatch(of: /\.[0-9]+-[0-9a-z]+\.unfinished/) != nil
  }
}
