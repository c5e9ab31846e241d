extension Double {
  /// Whether a Float32 holds this value to its full precision: zero, non-finite, or within Float32's normal range.
  var fitsFloat: Bool {
    guard isFinite, self != 0 else { return true }
    let rounded = Float(self)
    return rounded.isNormal
  }

  /// This value as a trace keeps a statistic: rounded to Float32 where that holds it, else as it is.
  ///
  /// Readers of every format round alike, so that a log and the trace imported from it are judged alike.
  var atTracePrecision: Double { fitsFloat ? Double(Float(self)) : self }
}
