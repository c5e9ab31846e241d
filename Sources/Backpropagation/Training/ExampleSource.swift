/// Where a training takes its batches from: one part of the data, in the type of number that a network runs in.
///
/// Examples are asked for by their places in the current order: ascending within an epoch, the targets of a step before
/// its inputs. So a source may read from disk as it goes, as long as it holds as many examples as a step has.
package protocol ExampleSource<Scalar>: AnyObject {
  associatedtype Scalar: TensorScalar

  /// The number of examples.
  var count: Int { get }

  /// Begins an epoch, its order drawn from `random`; a resumed run calls this once for every epoch until then.
  func beginEpoch(shuffledBy random: inout RandomSource) throws

  /// Begins a pass in the data's own order.
  func beginPass() throws

  /// Copies the targets of the examples at `places`, and to the workspace how many positions of each are valid.
  func gatherTargets(
    _ places: Range<Int>, into targets: [TargetBuffer<Scalar>], _ workspace: Workspace<Scalar>
  ) throws

  /// Copies the inputs of the examples at `places`.
  func gatherInputs(_ places: Range<Int>, into workspace: Workspace<Scalar>) throws
}

/// What a network can be trained on: data in memory, or read from disk as training goes on.
package protocol TrainingData: Sendable {
  /// The number of examples in a part.
  func count(of part: DataPart) -> Int

  /// The first examples of the training part, at most as many.
  func probe(_ count: Int) throws -> Dataset

  /// Whether `network` can be trained on it.
  ///
  /// - Throws: A ``NetworkError`` that says what doesn't fit.
  func check(against network: NeuralNetwork) throws

  /// The mean loss of the best constant prediction on the training part, or on a large sample of it.
  func constantLoss(of network: NeuralNetwork) throws -> Double

  /// The examples of a part, which may be none.
  func source<Scalar: TensorScalar>(_ part: DataPart, as type: Scalar.Type) -> any ExampleSource<
    Scalar
  >
}

/// The parts of the data.
package enum DataPart: String, CaseIterable { case training, validation, test }

extension DataSplit: TrainingData {
  /// The examples of a part.
  package subscript(part: DataPart) -> Dataset {
    switch part {
    case .training: training
    case .validation: validation
    case .test: test
    }
  }

  package func count(of part: DataPart) -> Int { self[part].count }

  package func probe(_ count: Int) -> Dataset { training.prefix(count) }

  package func check(against network: NeuralNetwork) throws {
    for part in DataPart.allCases where self[part].count > 0 { try network.check(self[part]) }
    guard training.count > 0 else { throw NetworkError.noTrainingExamples }
  }

  package func constantLoss(of network: NeuralNetwork) -> Double {
    network.constantLoss(of: training)
  }

  package func source<Scalar: TensorScalar>(
    _ part: DataPart, as type: Scalar.Type
  ) -> any ExampleSource<Scalar> {
    MemorySource<Scalar>(self[part])
  }
}

extension NeuralNetwork {
  /// The mean loss of the best constant prediction for these examples.
  package func constantLoss(of data: Dataset) -> Double {
    heads.enumerated().reduce(0) {
      $0 + $1.element.weight * $1.element.constantLoss(of: data, $1.offset)
    }
  }
}

extension NetworkError {
  static let noTrainingExamples = NetworkError(message: "the training part has no examples")
}
