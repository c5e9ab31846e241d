package import Backpropagation

/// A layer whose backward pass is right but for a single entry of one parameter's gradient.
package struct OneEntryWrong: LayerWrapper {
  package let base: any Layer
  private let mistake: EntryMistake
  private let parameter: Int
  private let place: Int

  /// Plants a mistake in one entry, its place counted in row-major order, of the gradient by one of the parameters.
  package init(_ mistake: EntryMistake, of parameter: Int = 0, at place: Int, in base: any Layer) {
    self.base = base
    self.mistake = mistake
    self.parameter = parameter
    self.place = place
  }

  package func backward<S>(_ pass: BackwardPass<S>) {
    base.backward(pass)
    let gradient = pass.parameterGradients[parameter]
    switch mistake {
    case .off(let share): gradient[place] += S(share * gradient.summary.rms)
    case .zeroed: gradient[place] = 0
    case .halved: gradient[place] /= 2
    case .negated: gradient[place] = -gradient[place]
    }
  }
}

/// What is done to a single entry of a gradient.
package enum EntryMistake: Sendable, Hashable {
  /// So many root mean squares of the tensor are added.
  case off(Double)
  case zeroed
  case halved
  case negated

  /// How far off an entry then is, in root mean squares of its tensor, where it was `share` of one.
  func distance(of share: Double) -> Double {
    switch self {
    case .off(let distance): distance
    case .zeroed: abs(share)
    case .halved: abs(share) / 2
    case .negated: 2 * abs(share)
    }
  }
}
