/// Measures a network on parts of its data, without training it.
final class Evaluation<Scalar: TensorScalar> {
  private let workspace: Workspace<Scalar>
  private let targets: [TargetBuffer<Scalar>]
  private var network: NeuralNetwork { workspace.network }

  /// The numbers that the nodes of one run may have; more examples at once than these allow run no faster.
  private static var mostNumbers: Int { 1 << 22 }

  init(_ learner: Learner<Scalar>, like data: Dataset) {
    let fitting = Self.mostNumbers / learner.network.numbersPerExample
    let capacity = min(max(learner.workspace.capacity, fitting), TrainingRun.probeSize)
    workspace = Workspace(
      learner.network, parameters: learner.parameters, capacity: capacity, keeping: .ends(and: []))
    workspace.isRecording = false
    workspace.context.isTraining = false
    targets = data.targetSets.map { TargetBuffer($0, capacity: capacity) }
  }

  /// Loss and accuracy on a part.
  func measure(
    _ part: DataPart, _ source: any ExampleSource<Scalar>
  ) throws -> TrainingResult.Part {
    var correct = 0, judged = 0
    var errors = [Double](repeating: 0, count: network.heads.count), divisors = errors
    try source.beginPass()
    for start in stride(from: 0, to: source.count, by: workspace.capacity) {
      let places = start..<min(start + workspace.capacity, source.count)
      try source.gatherTargets(places, into: targets, workspace)
      try source.gatherInputs(places, into: workspace)
      workspace.forward(examples: places.count)
      let batch = targets.map { $0.batch(of: places.count) }
      for (place, head) in network.heads.enumerated() {
        errors[place] += workspace.errorSum(of: place, batch[place], examples: places.count)
        divisors[place] += head.divisor(
          of: batch[place], examples: places.count, lengths: workspace.context.lengths)
      }
      if case .classes(let classes) = batch[0] {
        let scores = hits(classes, examples: places.count)
        correct += scores.correct
        judged += scores.judged
      }
    }
    let loss = network.heads.indices.reduce(0) {
      $0 + network.heads[$1].weight * errors[$1] / divisors[$1]
    }
    // Of outputs that are no numbers none is the largest.
    let accuracy = judged > 0 && loss.isFinite ? Double(correct) / Double(judged) : nil
    return TrainingResult.Part(
      name: part.rawValue, examples: source.count, loss: loss, accuracy: accuracy)
  }

  /// The network with the first examples of a data set, on which it can be run at any time, to see what feeds rectifiers.
  func probe(on data: Dataset) -> NetworkProbe {
    let source = MemorySource<Scalar>(data.prefix(TrainingRun.probeSize))
    let rectifiers = network.nodes.filter { $0.layer.nonlinearity == .rectifier }
    let nodes = rectifiers.flatMap { network.nodes[$0.inputs[0]].inputs }
    let probe = Workspace(
      network, parameters: workspace.parameters, capacity: max(source.count, 1),
      keeping: .ends(and: Set(nodes)))
    probe.isRecording = false
    probe.context.isTraining = false
    return NetworkProbe(probe, source)
  }

  /// Of the first loss's terms, how many have their largest output at their class, and how many there are.
  private func hits(
    _ classes: UnsafePointer<Int32>, examples: Int
  ) -> (correct: Int, judged: Int) {
    let head = network.heads[0]
    let output = workspace.output(of: head.output, examples: examples)
    let positions = head.positions ?? 1, columns = head.termShape.count
    var correct = 0, judged = 0
    for example in 0..<examples {
      let valid = head.validTerms(of: example, lengths: workspace.context.lengths)
      for row in example * positions..<example * positions + valid {
        let scores = output.pointer + row * columns
        var largest = 0
        for k in 1..<max(columns, 1) where scores[largest] < scores[k] { largest = k }
        correct += largest == Int(classes[row]) ? 1 : 0
        judged += 1
      }
    }
    return (correct, judged)
  }
}
