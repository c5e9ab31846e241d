import Backpropagation

/// Finite differences by every entry of a tensor whose rows have outputs of their own, one entry of every row at a time.
///
/// The counterpart of ``RowwiseTangents``. What comes of it is an estimate an entry, from three steps each way; where that
/// doesn't show a claim to be right, the entry is asked by itself.
struct RowwiseDifferences {
  let variable: Variable
  private let rows: Int
  /// For each output the row that moves it.
  private let owners: [Int?]

  private var columns: Int { variable.gradient.count / rows }

  /// Looks up which row moves which output; nil where one output is moved by several.
  init?(of variable: Variable, from source: inout RandomSource) {
    guard let rows = variable.shape.first, rows > 1, variable.gradient.count > rows else {
      return nil
    }
    let columns = variable.gradient.count / rows
    let start = Array(variable.elements)
    let width = variable.rms > 0 ? variable.rms : 1
    var owners = [Int?](repeating: nil, count: variable.function.outputs), areAlone = true
    for row in 0..<rows where areAlone {
      let places = row * columns..<(row + 1) * columns
      for place in places { variable.elements[place] += 0.1 * width * source.normal() }
      variable.function.changes { output, change in
        guard change != 0 else { return }
        areAlone = areAlone && owners[output] == nil
        owners[output] = row
      }
      for place in places { variable.elements[place] = start[place] }
    }
    guard areAlone else { return nil }
    self.variable = variable
    self.rows = rows
    self.owners = owners
  }

  /// What the differences say of each entry's claim.
  func judgements() -> [Judgement?] {
    let judge = Judge.entry(gradientRMS: variable.gradientRMS, rest: variable.rest)
    var noise = [Double](repeating: 0, count: rows)
    for (owner, rounding) in zip(owners, variable.function.roundings) {
      if let owner { noise[owner] += rounding }
    }
    var result = [Judgement?](repeating: nil, count: variable.gradient.count)
    for column in 0..<columns {
      guard let windows = windows(of: column, noise) else { continue }
      for row in 0..<rows {
        let place = row * columns + column
        guard var estimate = FiniteDifference.estimate(from: windows[row], spread: 1) else {
          continue
        }
        estimate.isLocal = FiniteDifference.isLocal(windows[row], visibly: false)
        result[place] = judge.judgement(of: variable.gradient[place], [estimate])
      }
    }
    return result
  }

  /// Each row's differences at three steps; nil where an output moves whose row isn't known.
  private func windows(of column: Int, _ noise: [Double]) -> [[FiniteDifference.Row]]? {
    let scales = (0..<rows).map { row in
      let scale = max(abs(variable.elements[row * columns + column]), variable.rms)
      return scale > 0 && scale.isFinite ? scale : 1
    }
    var windows = [[FiniteDifference.Row]](repeating: [], count: rows), step = 1.0 / 64
    for _ in 0..<3 {
      guard let above = changes(of: column, by: scales.map { step * $0 }),
        let below = changes(of: column, by: scales.map { -step * $0 })
      else { return nil }
      for row in 0..<rows {
        let (up, down) = (above[row], below[row]), width = up.displacement - down.displacement
        windows[row].append(
          FiniteDifference.Row(
            step: step * scales[row], central: (up.value - down.value) / width,
            right: up.value / up.displacement, left: down.value / down.displacement,
            rounding: 2 * noise[row] / width + (up.magnitude + down.magnitude) / width * 0x1p-53,
            speed: (up.magnitude + down.magnitude) / width, bend: 0,
            isExactlyZero: up.value == 0 && down.value == 0))
      }
      step /= FiniteDifference.ratio
    }
    return windows
  }

  /// What moving one entry of every row does to that row's outputs; nil where it moves one that no row moved before, such
  /// as that of a rectifier which was off.
  private func changes(of column: Int, by steps: [Double]) -> [Line.Change]? {
    var changes = [Line.Change](
      repeating: Line.Change(value: 0, magnitude: 0, displacement: 0, decisions: nil), count: rows)
    let places = (0..<rows).map { $0 * columns + column }
    let start = places.map { variable.elements[$0] }
    for (row, place) in places.enumerated() {
      variable.elements[place] = start[row] + steps[row]
      changes[row].displacement = variable.elements[place] - start[row]
    }
    var areKnown = true
    variable.function.changes { output, change in
      guard let row = owners[output] else {
        areKnown = areKnown && change == 0
        return
      }
      changes[row].value += change
      changes[row].magnitude += abs(change)
    }
    for (row, place) in places.enumerated() { variable.elements[place] = start[row] }
    return areKnown ? changes : nil
  }
}
