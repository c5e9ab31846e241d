/// `; did you mean "x"?` for the candidates nearest to `word`, or nothing if none is near.
///
/// Those that hold it as a word come first (`he`: `he-normal` or `he-uniform`), then what it is the initials of (`mse`),
/// then what is spelled alike, then what it is an abbreviation of (`conv2d`).
public func suggestion(for word: String, among candidates: [String]) -> String {
  let word = word.lowercased(), parts = word.split(separator: "-")
  let holding = candidates.filter { $0.split(separator: "-").holds(parts) }
  if (1...3).contains(holding.count) { return asked(holding) }
  let abbreviated = candidates.filter { candidate in
    let initials = candidate.split(separator: "-").compactMap(\.first)
    return initials.count > 1 && String(initials) == word
  }
  if let first = abbreviated.first { return asked([first]) }
  let nearest = candidates.map { ($0, editDistance(word, $0)) }.min { $0.1 < $1.1 }
  if let (candidate, distance) = nearest, distance <= max(2, candidate.count / 3) {
    return asked([candidate])
  }
  let longer = candidates.filter { word.count >= 4 && $0.first == word.first && $0.spells(word) }
  return longer.first.map { asked([$0]) } ?? ""
}

private func asked(_ candidates: [String]) -> String {
  let quoted = candidates.map { "\"\($0)\"" }
  let list = quoted.dropLast().joined(separator: ", ")
  return "; did you mean \(list.isEmpty ? "" : list + " or ")\(quoted.last ?? "")?"
}

extension [Substring] {
  /// Whether `parts` stand in here, one after the other, among others.
  fileprivate func holds(_ parts: [Substring]) -> Bool {
    guard !parts.isEmpty, parts.count < count else { return false }
    return indices.dropLast(parts.count - 1).contains { self[$0...].starts(with: parts) }
  }
}

extension String {
  /// Whether the letters of `word` stand in here in this order.
  fileprivate func spells(_ word: String) -> Bool {
    var rest = word[...]
    for letter in self where letter == rest.first { rest = rest.dropFirst() }
    return rest.isEmpty
  }
}

/// The number of insertions, deletions, substitutions and swaps of neighbors that turn `a` into `b`.
private func editDistance(_ a: String, _ b: String) -> Int {
  let a = Array(a.prefix(64).unicodeScalars), b = Array(b.prefix(64).unicodeScalars)
  var rows = [[Int]](repeating: [Int](repeating: 0, count: b.count + 1), count: a.count + 1)
  for i in 0...a.count { rows[i][0] = i }
  for j in 0...b.count { rows[0][j] = j }
  for i in 0..<a.count {
    for j in 0..<b.count {
      var best = min(rows[i][j + 1] + 1, rows[i + 1][j] + 1)
      best = min(best, rows[i][j] + (a[i] == b[j] ? 0 : 1))
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
        best = min(best, rows[i - 1][j - 1] + 1)
      }
      rows[i + 1][j + 1] = best
    }
  }
  return rows[a.count][b.count]
}
