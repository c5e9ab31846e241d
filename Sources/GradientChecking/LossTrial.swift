import Backpropagation
import GzipIO

/// What a loss does at the output that a network starts with, and at others.
struct LossTrial {
  /// What is wrong with it, as a sentence, if something is.
  private(set) var problem: String?
  /// How three runs differ, if they do.
  private(set) var difference: String?

  /// At how many outputs a loss is looked at, and the steps that are taken there.
  private static let places = 16, steps = [0x1p-30, 0x1p-20, 0x1p-10]

  init(
    _ head: Head, output: TensorView<Double>, _ targets: Targets, lengths: [Int]?
  ) {
    let positions = head.positions ?? 1
    let terms = output.shape[0] * positions
    let buffer = Buffer<Double>(copying: output.reshaped(head.termShape.batch(of: terms)))
    let errors = Buffer<Double>([terms])
    let memory = CheckTargets(targets)
    let valid = (0..<terms).filter { term in
      term % positions < lengths.map { $0[term / positions] } ?? positions
    }
    func run() -> [Double] {
      head.loss.forward(buffer.view, memory.batch, errors: errors.view)
      return valid.map { errors.elements[$0] }
    }
    let runs = (0..<3).map { _ in run() }
    func example(_ place: Int) -> String { "for example \(valid[place] / positions + 1)" }
    if let place = runs.firstDifference {
      difference =
        "three evaluations gave \(runs.map { "\($0[place])" }.joined(separator: ", ")) "
        + example(place)
    } else if let place = runs[0].firstIndex(where: { !$0.isFinite }) {
      problem =
        "the loss \(head.loss.id.quoted) is \(runs[0][place].word) at the start, \(example(place)), "
        + "while the network's output is finite"
    } else if Self.isStepFunction(buffer.elements, run) {
      problem =
        "the loss \(head.loss.id.quoted) only changes in jumps: it has no derivative to learn from"
    }
  }

  /// Whether the errors differ from place to place, but never within a small step of one.
  private static func isStepFunction(
    _ elements: UnsafeMutableBufferPointer<Double>, _ run: () -> [Double]
  ) -> Bool {
    let size = max(elements.rms, 1)
    var source = RandomSource(seed: 1, stream: "loss")
    var values: Set<[Double]> = []
    for place in 0..<places {
      if place > 0 { for index in elements.indices { elements[index] = size * source.normal() } }
      let here = run(), point = Array(elements)
      values.insert(here)
      for step in steps {
        for index in elements.indices {
          elements[index] = point[index] + step * size * source.normal()
        }
        // A jump may lie within the larger steps, but hardly within all.
        if run() == here { break }
        if step == steps.last { return false }
      }
    }
    return values.count > 1
  }
}
