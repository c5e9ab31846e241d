import Foundation

/// Where the blocks of a network stand on a picture: in lines like those of a text, each so many columns long.
struct NetworkLayout {
  /// How much of its text a block has room for.
  enum Detail: Int, Comparable {
    case none, name, kinds, value

    static func < (a: Detail, b: Detail) -> Bool { a.rawValue < b.rawValue }
  }

  /// What blocks and labels take.
  struct Needs {
    /// The width of a block that shows every name, and of one that shows enough of it.
    var width: Double, leastWidth: Double
    /// The height of a line of text.
    var text: Double
    /// The height of a row of labels.
    var label: Double
    /// Whether each lane has labels above it, or only the first of a line.
    var labelsEachLane: Bool
  }

  private let needs: Needs
  private let columns: Int
  /// The distance from one column to the next, and from one lane to the next.
  private let pitch: (x: Double, y: Double)
  private let block: (width: Double, height: Double)
  private let left: Double
  /// The top of the blocks in the first lane of each line.
  private let tops: [Double]

  /// The largest block: there is no more to say in it.
  private static let largest = (width: 200.0, height: 84.0)

  /// The layout in as many lines as show most of each block's text.
  static func best(_ plan: NetworkPlan, in area: Frame, _ needs: Needs) -> NetworkLayout {
    let lanes = plan.lanesByColumn
    let most = max(1, min(lanes.count, Int(area.height / (needs.label + 8))))
    var best = NetworkLayout(lanes, lines: 1, in: area, needs)
    for lines in stride(from: 2, through: most, by: 1) {
      let layout = NetworkLayout(lanes, lines: lines, in: area, needs)
      if layout.fit > best.fit { best = layout }
    }
    return best
  }

  private init(_ lanes: [Int], lines: Int, in area: Frame, _ needs: Needs) {
    let columns = (max(1, lanes.count) + lines - 1) / lines
    self.columns = columns
    self.needs = needs
    let counts = stride(from: 0, to: lanes.count, by: columns)
      .map { lanes[$0..<min($0 + columns, lanes.count)].max() ?? 1 }
    let lanesInAll = Double(counts.reduce(0, +))
    let lineLabel = needs.labelsEachLane ? 0 : needs.label
    let laneLabel = needs.labelsEachLane ? needs.label : 0
    let free = area.height - lanesInAll * laneLabel - Double(counts.count) * lineLabel
    let share = max(1, free / lanesInAll)
    let height = min(Self.largest.height, share * 0.8)
    // Before and behind a line there is room for what leads on from another.
    let slot = min(
      area.width / (Double(columns) + (counts.count > 1 ? 0.4 : 0)), Self.largest.width / 0.8)
    let gap = min(max(slot * 0.2, 2), 32)
    pitch = (slot, laneLabel + height + min(share * 0.2, 16))
    block = (max(1, slot - gap), height)
    left = area.x + (area.width - Double(min(columns, lanes.count)) * slot + gap) / 2
    let lanePitch = pitch.y
    let heights = counts.map { lineLabel + Double($0) * lanePitch }
    var tops: [Double] = []
    var top = area.y + max(0, area.height - heights.reduce(0, +)) / 2
    for height in heights {
      tops.append(top + needs.label)
      top += height
    }
    self.tops = tops
  }

  /// How much of a block's text there is room for: 1 for all of it.
  private var fit: Double {
    min(block.width / needs.width, (block.height - 4) / (3 * needs.text), 1)
  }

  /// How much of its text each block shows.
  var detail: Detail {
    guard block.width >= needs.leastWidth else { return .none }
    return Detail(rawValue: min(Int((block.height - 4) / needs.text), 3)) ?? .none
  }

  /// The width between two blocks.
  var gap: Double { pitch.x - block.width }

  /// Where a block stands.
  func frame(of block: NetworkPlan.Block) -> Frame { frame(block.column, block.lane) }

  private func frame(_ column: Int, _ lane: Int) -> Frame {
    Frame(
      x: left + Double(column % columns) * pitch.x,
      y: tops[column / columns] + Double(lane) * pitch.y, width: block.width,
      height: block.height)
  }

  /// The row above the lane that a block stands in, in the first lane of its line or, with labels for each, in any.
  func labelRow(above block: NetworkPlan.Block) -> Frame? {
    guard needs.labelsEachLane || block.lane == 0 else { return nil }
    let frame = frame(of: block)
    return Frame(
      x: frame.x, y: frame.y - needs.label, width: frame.width, height: needs.label)
  }

  /// The way from one block to another: along the lane of the first, over to the lane of the second right before it, in a
  /// piece for each line.
  func path(from source: NetworkPlan.Block, to target: NetworkPlan.Block) -> [[Point]] {
    var pieces: [[Point]] = []
    let start = frame(of: source)
    var piece = [Point(start.maxX, start.midY)]
    for line in source.column / columns..<target.column / columns {
      let last = frame(line * columns + columns - 1, source.lane)
      pieces.append(piece + [Point(last.maxX + gap * 0.7, last.midY)])
      let first = frame((line + 1) * columns, source.lane)
      piece = [Point(first.x - gap, first.midY)]
    }
    let end = frame(of: target)
    let along = frame(target.column, source.lane)
    let bend = [Point(end.x - gap, along.midY), Point(end.x - gap * 0.3, end.midY)]
    return pieces + [piece + bend + [Point(end.x, end.midY)]]
  }
}
