/// How the learning rate changes from step to step.
///
/// The formulas are those of PyTorch's schedulers, called once a step: t counts the steps from 0 since the schedule began.
public protocol Schedule: Sendable {
  /// The id by which model files name this schedule.
  var id: String { get }
  /// How many steps it lasts, after which the next one of a list begins; nil for all that are left.
  var steps: Int? { get }
  /// What it has taken in so far, where it depends on the losses; a resumed run goes on from it.
  var memory: [Double] { get set }

  /// The learning rate of the step `step`, from 0, out of the `count` steps that this schedule lasts; `rate` is the
  /// optimizer's, or the group's.
  func learningRate(_ rate: Double, at step: Int, of count: Int) -> Double

  /// Takes in the loss that an epoch ended with: on the validation part, else on the training part.
  mutating func epochEnded(loss: Double)
}

extension Schedule {
  public var memory: [Double] {
    get { [] }
    set {}
  }
  public mutating func epochEnded(loss: Double) {}
}
