extension Int {
  /// The number with a comma between thousands: `50,570`.
  public var grouped: String {
    var digits = String(magnitude)
    var groups: [String] = []
    while digits.count > 3 {
      groups.insert(String(digits.suffix(3)), at: 0)
      digits.removeLast(3)
    }
    return (self < 0 ? "-" : "") + ([digits] + groups).joined(separator: ",")
  }

  /// The number with its noun: `1 unit`, `1,258 rows`, `3 classes`.
  package func counted(_ noun: String) -> String {
    "\(grouped) \(noun)\(self == 1 ? "" : noun.hasSuffix("s") ? "es" : "s")"
  }
}
