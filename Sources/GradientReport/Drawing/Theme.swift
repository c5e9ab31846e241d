/// Everything that charts have in common to look at: sizes, margins and colors.
///
/// The colors are Okabe and Ito's, which stay apart for every kind of color vision; one of them, vermillion, is kept for
/// what a finding is about. Text has a contrast of at least 4.5 : 1 to its background.
package struct Theme: Sendable, Equatable {
  // Sizes, in pixels of the final picture
  /// The frame of a picture of its own.
  package var frame = Frame(x: 0, y: 0, width: 1200, height: 675)
  package var titleSize = 18.0
  package var labelSize = 13.0
  package var markSize = 13.0
  /// The blank border around everything.
  package var margin = 24.0
  /// The distance between things that belong together.
  package var gap = 8.0
  package var lineWidth = 2.0
  package var hairline = 1.0
  package var dotRadius = 5.0
  package var dash = 6.0
  /// At most so many ticks on an axis.
  package var tickLimit = 7
  /// The widest that a layer's name may be drawn.
  package var nameWidth = 130.0
  /// Whether a chart shares the picture with others, and leaves out what is not needed.
  package var isCompact = false

  // Neutral colors
  package var background = Color(0xFFFFFF)
  package var ink = Color(0x1A1A1A)
  package var secondaryInk = Color(0x555555)
  package var grid = Color(0xE4E4E4)
  package var axis = Color(0x888888)
  /// What lies between the things of a map that have a value of their own.
  package var absent = Color(0xF0F0F0)

  // Colors with a meaning
  /// What a finding is about.
  package var accent = Color(0xD55E00)
  /// The accent as a text's color.
  package var accentInk = Color(0xA84300)
  /// The data of a chart that shows one series.
  package var data = Color(0x0072B2)
  /// The same data, unsmoothed or spread out.
  package var faintData = Color(0xB3D4EA)
  /// The range in which healthy runs lie.
  package var healthy = Color(0xDDF1EA)
  /// The healthy range as a text's color.
  package var healthyInk = Color(0x00664A)
  /// An exact zero.
  package var zero = Color(0x000000)
  /// NaN and infinity.
  package var nonFinite = Color(0xE6007E)
  /// Several series, told apart.
  package var series: [Color] = [
    Color(0x0072B2), Color(0xE69F00), Color(0x009E73), Color(0xCC79A7), Color(0x56B4E9),
    Color(0x666666),
  ]
  /// From little to much: cividis, without its darkest end, which zero needs.
  package var ramp = ColorRamp(stops: [
    Color(0x1A4484), Color(0x3F4F73), Color(0x575C6D), Color(0x707173), Color(0x8A8779),
    Color(0xA69D75), Color(0xC4B56C), Color(0xE4CF5B), Color(0xFFEA46),
  ])
  /// From negative to positive: brown and teal, which stay apart for every kind of color vision.
  package var diverging = ColorRamp(stops: [
    Color(0x01665E), Color(0x5AB4AC), Color(0xC7EAE5), Color(0xF5F5F5), Color(0xF6E8C3),
    Color(0xD8B365), Color(0x8C510A),
  ])
  /// The states of a unit.
  package var alive = Color(0xCFE5F3)
  package var rare = Color(0xE69F00)
  package var dead = Color(0x222222)
  /// A verdict's background; its text is white.
  package var healthyVerdict = Color(0x00664A)
  package var warningVerdict = Color(0x8A5A00)
  package var errorVerdict = Color(0xA84300)
  package var inconclusiveVerdict = Color(0x555555)

  /// The theme of every chart.
  package static let standard = Theme()

  /// The same on a dark background; an exact zero is as far from that as ink.
  package static let dark: Theme = {
    var theme = Theme()
    theme.background = Color(0x16181D)
    theme.ink = Color(0xECEEF1)
    theme.secondaryInk = Color(0xA9B0BA)
    theme.grid = Color(0x2B3038)
    theme.axis = Color(0x77808C)
    theme.absent = Color(0x22262D)
    theme.accent = Color(0xF28E4B)
    theme.accentInk = Color(0xF7A66E)
    theme.data = Color(0x56B4E9)
    theme.faintData = Color(0x27506C)
    theme.healthy = Color(0x143A30)
    theme.healthyInk = Color(0x58CFA6)
    theme.zero = Color(0xFFFFFF)
    theme.nonFinite = Color(0xFF4DA6)
    theme.series[0] = Color(0x56B4E9)
    theme.series[4] = Color(0x8C7AE6)
    theme.series[5] = Color(0x9AA1AB)
    theme.diverging = ColorRamp(stops: [
      Color(0x7FE0D3), Color(0x35978F), Color(0x1E5650), Color(0x2B2B2B), Color(0x5E4316),
      Color(0xBF812D), Color(0xF2CE8A),
    ])
    theme.alive = Color(0x2C5A78)
    theme.dead = Color(0xECEEF1)
    return theme
  }()

  /// The theme of a chart that shares a sheet with others.
  package var compact: Theme {
    var theme = self
    theme.titleSize = 14
    theme.labelSize = 12
    theme.markSize = 12
    theme.nameWidth = 90
    theme.dotRadius = 4
    theme.tickLimit = 5
    theme.isCompact = true
    return theme
  }

  package var titleFont: Font { Font(titleSize, bold: true) }
  package var labelFont: Font { Font(labelSize) }
  package var markFont: Font { Font(markSize) }
}
