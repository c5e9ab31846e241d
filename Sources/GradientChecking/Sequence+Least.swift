extension Sequence {
  /// The `count` elements that come first by `precedes`, in that order: what sorting would put in front, in one pass.
  ///
  /// Of elements neither of which precedes the other, the earlier comes first.
  func least(_ count: Int, by precedes: (Element, Element) -> Bool) -> [Element] {
    guard count > 0 else { return [] }
    var least: [Element] = []
    for element in self {
      if least.count == count {
        guard let last = least.last, precedes(element, last) else { continue }
        least.removeLast()
      }
      least.insert(element, at: least.firstIndex { precedes(element, $0) } ?? least.endIndex)
    }
    return least
  }
}
