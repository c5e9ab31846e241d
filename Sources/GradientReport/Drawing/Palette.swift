/// A picture in few colors: a file of them takes a third of one that holds each pixel's own.
///
/// What a chart consists of are some flat colors and the shades at their edges. Up to 256 colors are kept as they are; of
/// more, those that stand for most pixels and are least like each other. No pixel of a chart then differs visibly.
package struct Palette: Sendable {
  /// The colors of the palette, the most frequent first.
  package let colors: [Color]
  /// For each color of the picture, in the order of ``ColorRuns/colors``, the place of the one that stands for it.
  package let places: [UInt8]

  /// The colors that a palette has at most.
  package static let size = 256
  /// The colors of a picture from which on it is no drawing: a palette would take long to find and show bands.
  private static let limit = 8192

  /// Chooses the palette of a picture; nil where it has too many colors to be told apart in time.
  package init?(_ picture: ColorRuns) {
    let all = picture.colors
    guard let first = picture.counts.indices.max(by: { picture.counts[$0] < picture.counts[$1] }),
      all.count <= Self.limit
    else { return nil }
    // Each further color is the one that the palette lacks most: by its distance, and how often it is seen.
    var places = [UInt8](repeating: 0, count: all.count)
    var distances = all.map { $0.squaredDistance(to: all[first]) }
    var colors = [all[first]]
    while colors.count < Self.size {
      var next = 0, lack = 0
      for index in all.indices where distances[index] * picture.counts[index] > lack {
        (next, lack) = (index, distances[index] * picture.counts[index])
      }
      guard lack > 0 else { break }
      let color = all[next]
      for index in all.indices {
        let distance = all[index].squaredDistance(to: color)
        guard distance < distances[index] else { continue }
        distances[index] = distance
        places[index] = UInt8(colors.count)
      }
      colors.append(color)
    }
    self.colors = colors
    self.places = places
  }
}

/// The pixels of a picture, row by row, as runs of one color; a run ends with its row.
package struct ColorRuns: Sendable {
  /// The colors that occur, in the order of their first pixels.
  package private(set) var colors: [Color] = []
  /// How many pixels have each color.
  package private(set) var counts: [Int] = []
  /// The runs: the place of a color and the number of pixels in a row.
  package private(set) var runs: [(color: Int, length: Int)] = []
  private var places: [UInt32: Int] = [:]

  package init() {}

  /// Takes in the next `length` pixels, all of the color 0xRRGGBB.
  package mutating func append(_ packed: UInt32, length: Int) {
    let place = places[packed] ?? colors.count
    if place == colors.count {
      places[packed] = place
      colors.append(Color(packed))
      counts.append(0)
    }
    counts[place] += length
    runs.append((place, length))
  }
}

extension Color {
  /// The square of the distance to another color, of which the eye sees green best and blue least.
  fileprivate func squaredDistance(to other: Color) -> Int {
    let red = Int(red) - Int(other.red), green = Int(green) - Int(other.green)
    let blue = Int(blue) - Int(other.blue)
    return 3 * red * red + 6 * green * green + blue * blue
  }
}
