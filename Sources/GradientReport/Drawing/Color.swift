import Foundation

/// An opaque color, as sRGB.
package struct Color: Sendable, Equatable, Hashable {
  package var red: UInt8
  package var green: UInt8
  package var blue: UInt8

  /// Creates a color from its hexadecimal notation, 0xRRGGBB.
  package init(_ hex: UInt32) {
    red = UInt8(truncatingIfNeeded: hex >> 16)
    green = UInt8(truncatingIfNeeded: hex >> 8)
    blue = UInt8(truncatingIfNeeded: hex)
  }

  /// The color's hexadecimal notation: `#D55E00`.
  package var hexadecimal: String { String(format: "#%02X%02X%02X", red, green, blue) }

  /// The color `fraction` of the way from this one to `other`.
  package func mixed(with other: Color, _ fraction: Double) -> Color {
    func mix(_ a: UInt8, _ b: UInt8) -> UInt32 {
      UInt32((Double(a) + (Double(b) - Double(a)) * min(max(fraction, 0), 1)).rounded())
    }
    return Color(
      mix(red, other.red) << 16 | mix(green, other.green) << 8 | mix(blue, other.blue))
  }

  /// How bright the color is: 0 for black, 1 for white (WCAG 2.1, relative luminance).
  package var luminance: Double {
    func linear(_ channel: UInt8) -> Double {
      let value = Double(channel) / 255
      guard value > 0.04045 else { return value / 12.92 }
      return pow((value + 0.055) / 1.055, 2.4)
    }
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
  }

  /// The contrast ratio between the two colors: 1 for equal ones, 21 for black on white (WCAG 2.1).
  package func contrast(to other: Color) -> Double {
    let (dark, light) = (min(luminance, other.luminance), max(luminance, other.luminance))
    return (light + 0.05) / (dark + 0.05)
  }
}

/// A color map: a few colors, and what lies between them.
package struct ColorRamp: Sendable, Equatable {
  package var stops: [Color]

  package init(stops: [Color]) { self.stops = stops }

  /// The color at `fraction` of the way from the first stop to the last.
  package func color(at fraction: Double) -> Color {
    guard let first = stops.first, let last = stops.last, stops.count > 1, fraction > 0 else {
      return stops.first ?? Color(0)
    }
    guard fraction < 1 else { return last }
    let position = fraction * Double(stops.count - 1)
    let below = Int(position)
    return below == 0 && position == 0
      ? first : stops[below].mixed(with: stops[below + 1], position - Double(below))
  }
}
