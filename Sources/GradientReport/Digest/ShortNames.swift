import GzipIO

/// Names short enough for a chart, that still tell their layers apart.
///
/// What long names share at their start and end gives way to an ellipsis: `encoder/blocks/7/…` for
/// `encoder/blocks/7/attention/projection`.
func shortNames(_ names: [String], limit: Int = 24) -> [String] {
  let names = names.map(\.quotable)
  let long = names.filter { $0.count > limit }
  guard let first = long.first else { return names }
  var prefix = first[...]
  var suffix = first[...]
  for name in long {
    let headInCommon = zip(prefix, name).prefix(while: { $0 == $1 }).count
    let tailInCommon = zip(suffix.reversed(), name.reversed()).prefix(while: { $0 == $1 }).count
    prefix = prefix.prefix(headInCommon)
    suffix = suffix.suffix(tailInCommon)
  }
  return names.map { name in
    guard name.count > limit else { return name }
    let tail = long.count > 1 ? min(suffix.count, name.count - prefix.count) : 0
    let head = long.count > 1 ? prefix.count : 0
    let own = name.dropFirst(head).dropLast(tail)
    let candidates = [
      name.dropLast(tail) + "…", "…" + name.dropFirst(head), "…" + own + "…",
    ].map { String($0) }
    if let fitting = candidates.first(where: { $0.count <= limit }) { return fitting }
    return String(own.prefix(limit / 2)) + "…" + String(name.suffix(limit / 2 - 1))
  }
}
