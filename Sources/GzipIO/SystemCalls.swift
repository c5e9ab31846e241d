import Foundation

/// What the system says of the call that failed last: `permission denied`.
func lastSystemError() -> String {
  let text = String(cString: strerror(errno))
  return text.prefix(1).lowercased() + text.dropFirst()
}

/// The result of `call`, which is made again as long as a signal interrupts it.
func retryingWhenInterrupted(_ call: () -> Int) -> Int {
  while true {
    let result = call()
    if result >= 0 || errno != EINTR { return result }
  }
}

/// Writes `bytes`, however many the system takes at a time; gives whether all of them were taken.
func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
  var written = 0
  while written < bytes.count {
    let count = bytes.withUnsafeBytes { bytes in
      retryingWhenInterrupted {
        write(descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written)
      }
    }
    guard count > 0 else { return false }
    written += count
  }
  return true
}

/// Whether `descriptor` is of a folder, which Linux opens like a file.
func isFolder(_ descriptor: Int32) -> Bool {
  var status = stat()
  return fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
}

/// `count` as a person writes it: `2 GiB`, `1,000 bytes`.
func byteCount(_ count: Int) -> String {
  for (shift, unit) in [(30, "GiB"), (20, "MiB"), (10, "KiB")]
  where count > 0 && count % (1 << shift) == 0 {
    return "\(count >> shift) \(unit)"
  }
  return "\(count) bytes"
}
