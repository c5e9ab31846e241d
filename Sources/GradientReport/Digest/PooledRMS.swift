/// The root mean square over several tensors, from that of each.
struct PooledRMS {
  /// The largest so far: the others are taken as parts of it, as the squares of tiny numbers are no numbers any more.
  private var largest = 0.0
  /// The sum of (rms / largest)² · count.
  private var sum = 0.0
  private var count = 0.0
  private var isFinite = true

  /// Adds a tensor of so many elements; nil where nothing was recorded of it.
  mutating func add(_ rms: Double?, count added: Double) {
    guard let rms, added > 0 else { return }
    count += added
    guard rms.isFinite else {
      isFinite = false
      return
    }
    if rms > largest {
      sum = sum * (largest / rms) * (largest / rms) + added
      largest = rms
    } else if largest > 0 {
      sum += added * (rms / largest) * (rms / largest)
    }
  }

  /// The RMS over all elements; nil where there are none, NaN where a tensor's is not finite.
  var rms: Double? {
    guard isFinite else { return .nan }
    return count > 0 ? largest * (sum / count).squareRoot() : nil
  }
}
