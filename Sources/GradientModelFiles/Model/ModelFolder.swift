import Foundation
import GzipIO

/// The folder of a model file, below which (or below whose parent) the files that it names must lie.
struct ModelFolder {
  /// Why a file may not be named.
  struct Refusal: Error { var message: String }

  private let folder: String
  private let allowOutside: Bool

  /// The folder of the model file at `model`.
  init(_ model: String, allowOutside: Bool) {
    let end = model.lastIndex(of: "/")
    folder = end.map { $0 == model.startIndex ? "/" : String(model[..<$0]) } ?? ""
    self.allowOutside = allowOutside
  }

  /// The path of the file that the model file calls `name`.
  func path(of name: String) throws(Refusal) -> String {
    guard !name.isEmpty, !name.utf8.contains(0) else {
      throw Refusal(message: "is \(name.quoted), expected the name of a file")
    }
    let path = name.hasPrefix("/") || folder.isEmpty ? name : "\(folder)/\(name)"
    let shown = simplified(path)
    guard !allowOutside else { return shown }
    let root = resolved((folder.isEmpty ? "." : folder) + "/..")
    guard resolved(path).hasPrefix(root == "/" ? root : root + "/") else {
      throw Refusal(
        message: "is \(name.quoted), which lies outside of the model file's folder and its parent; "
          + "--allow-outside allows that")
    }
    return shown
  }

  /// Where `path` leads, links followed as far as they exist.
  private func resolved(_ path: String) -> String {
    var place = path.hasPrefix("/") ? "/" : real(".") ?? "/"
    for part in path.split(separator: "/") where part != "." {
      if part == ".." {
        place = place.lastIndex(of: "/").map { String(place[..<$0]) } ?? ""
        if place.isEmpty { place = "/" }
      } else {
        place = (place == "/" ? "" : place) + "/" + part
        place = real(place) ?? place
      }
    }
    return place
  }

  /// The path of what exists at `path`, without links.
  private func real(_ path: String) -> String? {
    guard let real = realpath(path, nil) else { return nil }
    defer { free(real) }
    return String(cString: real)
  }

  /// `a/b/../c` as `a/c`, unless `b` is a link to elsewhere.
  private func simplified(_ path: String) -> String {
    var parts: [Substring] = []
    for part in path.split(separator: "/") where part != "." {
      if part == "..", let last = parts.last, last != ".." {
        parts.removeLast()
      } else {
        parts.append(part)
      }
    }
    guard !parts.isEmpty else { return path }
    let short = (path.hasPrefix("/") ? "/" : "") + parts.joined(separator: "/")
    return resolved(short) == resolved(path) ? short : path
  }
}
