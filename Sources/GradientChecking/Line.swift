/// A straight way through the point at which a gradient is checked: one entry, or a direction, of one tensor.
struct Line {
  /// What is moved.
  let function: ScalarFunction
  let elements: UnsafeMutableBufferPointer<Double>
  let path: Path
  /// The size of what is moved, to which steps are scaled.
  let scale: Double
  /// What the rounding of the moved entries to the nearest number adds to an evaluation's error.
  var roundingOfStep = 0.0
  /// How much larger the terms of the single entries' gradients may be than those of their sum: √n for n random signs.
  var spread = 1.0

  /// What a step did to the function.
  struct Change {
    var value: Double
    /// Σ|v_o Δy_o|: where much larger terms cancel, the value has their rounding error.
    var magnitude: Double
    /// How far the step really went.
    var displacement: Double
    /// What was decided there, where that was asked and is told.
    var decisions: [Decisions]?
  }

  /// Whether many entries move at once, and with them many kinks may lie at the point.
  var isDirection: Bool { if case .direction = path { true } else { false } }

  enum Path {
    case entry(Int)
    /// At each place, how far a step of 1 moves; zero where a place stays.
    case direction([Double])
  }

  /// The way along one entry.
  init(entry index: Int, of variable: Variable) {
    function = variable.function
    elements = variable.elements
    path = .entry(index)
    scale = nonZero(max(abs(elements[index]), variable.rms))
  }

  /// The way along a direction.
  init(direction: [Double], of variable: Variable) {
    function = variable.function
    elements = variable.elements
    path = .direction(direction)
    scale = nonZero(variable.rms)
    var rounding = 0.0, moved = 0.0
    for (index, part) in direction.enumerated() where part != 0 {
      rounding += abs(variable.gradient[index] * elements[index])
      moved += 1
    }
    spread = moved.squareRoot()
    roundingOfStep = rounding.isFinite ? rounding * 0x1p-53 : 0
  }

  /// The change of the function a step away, and how far that step really went: x + h rounded, minus x; and what the
  /// function decides there, where it is `watched` and tells.
  func change(at step: Double, watched: Bool = false) -> Change {
    func evaluate(displacement: Double) -> Change {
      let change = function.change()
      // As long as what is moved stands there: layers look at it.
      let decisions = watched ? function.decisions?.decisions() : nil
      return Change(
        value: change.value, magnitude: change.magnitude, displacement: displacement,
        decisions: decisions)
    }
    switch path {
    case .entry(let index):
      let start = elements[index]
      elements[index] = start + step
      defer { elements[index] = start }
      return evaluate(displacement: elements[index] - start)
    case .direction(let direction):
      let start = Array(elements)
      for (index, part) in direction.enumerated() { elements[index] = start[index] + step * part }
      defer { _ = elements.update(from: start) }
      return evaluate(displacement: step)
    }
  }
}

private func nonZero(_ scale: Double) -> Double { scale > 0 && scale.isFinite ? scale : 1 }
