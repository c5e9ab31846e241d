import Foundation

/// What a run is called, and so the folder of its report: the name that was declared, else that of the folder for
/// `model.yaml` and `trace.gradtrace`, else the file's name without its endings.
///
/// What can't be part of a file's name becomes a hyphen, so that no declared name leads elsewhere.
public func runName(ofFileAt path: String, declared: String? = nil) -> String {
  if let declared, let name = fileName(declared) { return name }
  // Made absolute, so that the folder has a name even where only the file was given.
  let url = URL(fileURLWithPath: path).standardizedFileURL
  let file = url.lastPathComponent
  let named =
    ["model.yaml", "model.yml", "trace.gradtrace"].contains(file)
    ? url.deletingLastPathComponent().lastPathComponent : stem(of: file)
  return named == "/" ? "model" : fileName(named) ?? "model"
}

/// A file's name without the endings that say what it is.
private func stem(of file: String) -> String {
  var stem = file
  for ending in [".gz", ".yaml", ".yml", ".gradtrace", ".running", ".jsonl"]
  where stem.hasSuffix(ending) && stem.count > ending.count {
    stem.removeLast(ending.count)
  }
  return stem
}

/// `name` as a file can be called, at most 100 characters of it; nil if nothing is left.
private func fileName(_ name: String) -> String? {
  var result = ""
  for scalar in name.unicodeScalars.prefix(100) {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse:
      result += "-"
    default:
      result.unicodeScalars.append("/\\:*?\"<>|".unicodeScalars.contains(scalar) ? "-" : scalar)
    }
  }
  result = result.trimmingCharacters(in: .whitespaces)
  // A leading dot would hide the folder, and ".." is another one.
  while result.hasPrefix(".") { result.removeFirst() }
  return result.isEmpty ? nil : result
}
