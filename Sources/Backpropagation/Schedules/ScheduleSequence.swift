/// Schedules that run in turn over a training of some steps.
public struct ScheduleSequence: Sendable {
  /// The schedules with the step at which each begins.
  private var parts: [(start: Int, count: Int, schedule: any Schedule)] = []

  /// Lays schedules out over `steps` steps.
  ///
  /// Each takes the steps that it asks for, one that asks for none those that are left. After the last one, its rate of the
  /// last step stays.
  public init(_ schedules: [any Schedule], steps: Int) {
    var start = 0
    for schedule in schedules where start < steps {
      let count = schedule.steps ?? steps - start
      parts.append((start, count, schedule))
      start += count
    }
  }

  /// The learning rate of a step, from 0.
  public func learningRate(_ rate: Double, at step: Int) -> Double {
    guard let part = parts.last(where: { $0.start <= step }) else { return rate }
    return part.schedule.learningRate(rate, at: step - part.start, of: part.count)
  }

  /// Tells the schedule of a step the loss that an epoch ended with after it.
  mutating func epochEnded(loss: Double, at step: Int) {
    guard let place = parts.lastIndex(where: { $0.start <= step }) else { return }
    parts[place].schedule.epochEnded(loss: loss)
  }

  /// What the schedules have taken in, one after the other.
  var memory: [Double] {
    get { parts.flatMap(\.schedule.memory) }
    set {
      var rest = newValue[...]
      for place in parts.indices {
        let count = parts[place].schedule.memory.count
        parts[place].schedule.memory = Array(rest.prefix(count))
        rest = rest.dropFirst(count)
      }
    }
  }
}
