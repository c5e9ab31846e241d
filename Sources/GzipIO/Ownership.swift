import Foundation

/// Who is at work on an unfinished file or folder.
///
/// The owner keeps a lock on it, which ends with the process, however that ends: what has no owner, a killed process has left.
package enum Ownership {
  /// Takes possession of what was just made and opened as `descriptor`, until that is closed.
  ///
  /// - Returns: False where somebody took it for abandoned in between. A file system that knows no locks gives nobody reason
  ///   to.
  package static func take(_ descriptor: Int32) -> Bool {
    if flock(descriptor, LOCK_EX | LOCK_NB) != 0 { return errno != EWOULDBLOCK }
    var status = stat()
    return fstat(descriptor, &status) == 0 && status.st_nlink > 0
  }

  /// Removes what is called so in a folder, belongs to this user, and has no owner any more.
  ///
  /// `isUnfinished`: whether a name is that of something unfinished.
  package static func removeAbandoned(in folder: String, where isUnfinished: (String) -> Bool) {
    let manager = FileManager.default
    for name in (try? manager.contentsOfDirectory(atPath: folder)) ?? [] where isUnfinished(name) {
      let path = "\(folder)/\(name)"
      let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
      guard descriptor >= 0 else { continue }
      defer { close(descriptor) }
      var status = stat()
      guard fstat(descriptor, &status) == 0, status.st_uid == geteuid(),
        flock(descriptor, LOCK_EX | LOCK_NB) == 0
      else { continue }
      try? manager.removeItem(atPath: path)
    }
  }
}
