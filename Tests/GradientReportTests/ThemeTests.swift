import GradientReport
import Testing

struct ThemeTests {
  @Test func contrastIsThatOfTheGuidelines() {
    #expect(Color(0).contrast(to: Color(0xFFFFFF)) == 21)
    #expect(Color(0x777777).contrast(to: Color(0xFFFFFF)).rounded(.down) == 4)
  }

  @Test(arguments: [Theme.standard, .dark])
  func textCanBeRead(theme: Theme) {
    let backgrounds = [
      theme.background, theme.healthy, theme.nonFinite.mixed(with: theme.background, 0.88),
    ]
    for ink in [theme.ink, theme.secondaryInk, theme.accentInk, theme.healthyInk] {
      for background in backgrounds { #expect(ink.contrast(to: background) >= 4.5) }
    }
    let badges = [
      theme.healthyVerdict, theme.warningVerdict, theme.errorVerdict, theme.inconclusiveVerdict,
    ]
    for badge in badges { #expect(Color(0xFFFFFF).contrast(to: badge) >= 4.5) }
  }

  @Test func textIsLargeEnough() {
    for theme in [Theme.standard, Theme.standard.compact] {
      #expect(min(theme.titleSize, theme.labelSize, theme.markSize) >= 11)
      #expect(theme.tickLimit <= 7)
    }
    #expect(Theme.standard.frame == Frame(x: 0, y: 0, width: 1200, height: 675))
    #expect(Theme.standard.titleSize == 18)
    #expect(Theme.standard.labelSize == 13)
  }

  @Test func theRampGrowsBrighterAllTheWay() {
    let luminances = Theme.standard.ramp.stops.map(\.luminance)
    #expect(zip(luminances, luminances.dropFirst()).allSatisfy { $0 < $1 })
    #expect((luminances.first ?? 0) > Theme.standard.zero.luminance + 0.05)
  }

  @Test func aZeroStandsOutInTheDark() {
    let theme = Theme.dark
    #expect(theme.zero.contrast(to: theme.background) > 10)
    for color in theme.ramp.stops { #expect(color.contrast(to: theme.zero) > 1.2) }
    for stop in theme.ramp.stops { #expect(stop.contrast(to: theme.background) > 1.5) }
  }

  @Test(arguments: [(Theme.standard, 3), (.dark, 1.8)])
  func theStatesOfAUnitDifferInGrey(theme: Theme, least: Double) {
    #expect(theme.alive.contrast(to: theme.rare) > 1.5)
    #expect(theme.rare.contrast(to: theme.dead) > least)
  }
}
