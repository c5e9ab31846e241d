import Foundation

/// A series as a page carries it: 16 bits a number, in Base64.
///
/// Code 0 says that nothing was recorded, 1 that a value was not finite, 2 that one was exactly zero; a code c from 3 on is
/// the value `low + (c − 3)·unit`. Values lie at most half a unit, 1/131,064 of the series' range, from the recorded ones.
struct QuantizedSeries: Encodable, Equatable {
  /// The layer's index in the header.
  var layer: Int
  /// The value of code 3.
  var low: Double
  /// The distance of neighboring codes.
  var unit: Double
  /// The code of each column's mean, little-endian.
  var mean: String
  /// The codes of each column's least and largest value; none where a column is one step.
  var least: String?
  var largest: String?

  private static let firstValue = 3.0
  private static let codes = Double(UInt16.max) - firstValue

  init(_ series: Series, layer: Int) {
    self.layer = layer
    let finite = series.bins.filter { $0.count > 0 }
    let low = finite.map(\.low).min() ?? 0
    let high = finite.map(\.high).max() ?? low
    self.low = low
    let unit = high > low ? (high - low) / Self.codes : 1
    self.unit = unit
    func encode(_ code: (Series.Bin) -> UInt16) -> String {
      Data(series.bins.flatMap { bin in [UInt8(code(bin) & 0xFF), UInt8(code(bin) >> 8)] })
        .base64EncodedString()
    }
    func code(of value: Double?) -> UInt16 {
      // A mean may lie outside of what it is the mean of, by its rounding.
      value.map { UInt16(Self.firstValue + min(max((($0 - low) / unit).rounded(), 0), Self.codes)) }
        ?? 0
    }
    mean = encode { bin in
      bin.nonFinite > 0 ? 1 : bin.zeros > 0 ? 2 : code(of: bin.mean)
    }
    guard series.bins.contains(where: { $0.count + $0.zeros + $0.nonFinite > 1 }) else { return }
    least = encode { code(of: $0.count > 0 ? $0.low : nil) }
    largest = encode { code(of: $0.count > 0 ? $0.high : nil) }
  }
}
