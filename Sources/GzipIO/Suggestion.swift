/// `; did you mean "x"?` for the candidate nearest to `word`, or nothing if none is near.
public func suggestion(for word: String, among candidates: [String]) -> String {
  let nearest = candidates.map { ($0, editDistance(word, $0)) }.min { $0.1 < $1.1 }
  guard let (candidate, distance) = nearest, distance <= max(2, candidate.count / 3) else {
    return ""
  }
  return "; did you mean \"\(candidate)\"?"
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
