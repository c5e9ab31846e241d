public import GradientHealth

/// Expects a network's backward pass to be right: each layer and the loss alone, then the wiring of the whole.
///
/// ```swift
/// @Test func gradientsAreRight() throws {
///   try expectCorrectGradients(of: network, on: digits.training)
/// }
/// ```
/// The test fails at this line, in Swift Testing and in XCTest, and says which layer, by how much, which equation is
/// broken, and which mistake it looks like. It fails as well where no verdict is possible. Outside of a test nothing is
/// reported.
///
/// `network`: the network with its loss. `data`: examples; the first few are taken. `parameters`: the values to check at;
/// nil for those that the seed initializes it to. `examples`: how many examples. `seed`: the seed of initial values,
/// directions and samples.
///
/// - Returns: The check.
/// - Throws: A `NetworkError` if the data don't fit the network.
@discardableResult
public func expectCorrectGradients(
  of network: NeuralNetwork, on data: Dataset, parameters: ParameterStore<Double>? = nil,
  examples: Int = GradientCheck.batch, seed: UInt64 = 1, fileID: StaticString = #fileID,
  filePath: StaticString = #filePath, line: UInt = #line, column: UInt = #column
) throws -> GradientCheck {
  try GradientCheck(network, on: data, parameters: parameters, examples: examples, seed: seed)
    .expectPass(at: TestLocation(fileID: fileID, filePath: filePath, line: line, column: column))
}

/// Expects the backward pass of one layer to be right, at random inputs and initial parameters.
///
/// ```swift
/// @Test func swishIsRight() throws { try expectCorrectGradients(ofLayer: Swish(), input: [64]) }
/// ```
/// `layer`: the layer. `input`: the shape of one example. `examples`: the size of the batch. `seed`: the seed of inputs
/// and initial values.
///
/// - Returns: The check.
/// - Throws: A `ShapeError` if the layer can't take such an input.
@discardableResult
public func expectCorrectGradients(
  ofLayer layer: some Layer, input: Shape, examples: Int = GradientCheck.batch, seed: UInt64 = 1,
  fileID: StaticString = #fileID, filePath: StaticString = #filePath, line: UInt = #line,
  column: UInt = #column
) throws -> GradientCheck {
  try GradientCheck(layer: layer, input: input, examples: examples, seed: seed)
    .expectPass(at: TestLocation(fileID: fileID, filePath: filePath, line: line, column: column))
}

/// Expects the derivative of a loss to be right, at random outputs and targets of the kind that it takes.
///
/// `loss`: the loss. `output`: the shape of one example's output. `examples`: the size of the batch. `seed`: the seed of
/// outputs and targets.
///
/// - Returns: The check.
/// - Throws: A `ShapeError` if the loss can't take such an output.
@discardableResult
public func expectCorrectGradients(
  ofLoss loss: some Loss, output: Shape, examples: Int = GradientCheck.batch, seed: UInt64 = 1,
  fileID: StaticString = #fileID, filePath: StaticString = #filePath, line: UInt = #line,
  column: UInt = #column
) throws -> GradientCheck {
  try GradientCheck(loss: loss, output: output, examples: examples, seed: seed)
    .expectPass(at: TestLocation(fileID: fileID, filePath: filePath, line: line, column: column))
}

/// Expects the gradient of a function of one's own to be right at a point.
///
/// ```swift
/// @Test func gradientIsRight() throws {
///   try expectCorrectGradients(of: Regression(), at: ["weight": [0.3, -0.2], "bias": [0.1]])
/// }
/// ```
/// `function`: the value and its gradient. `point`: where they are asked. `seed`: the seed of the directions.
///
/// - Returns: The check.
/// - Throws: What the function throws; a `FunctionError` if it has no value there, or a gradient of other names or sizes.
@discardableResult
public func expectCorrectGradients(
  of function: some DifferentiableFunction, at point: NamedArrays<Double>, seed: UInt64 = 1,
  fileID: StaticString = #fileID, filePath: StaticString = #filePath, line: UInt = #line,
  column: UInt = #column
) throws -> GradientCheck {
  try GradientCheck(of: function, at: point, seed: seed)
    .expectPass(at: TestLocation(fileID: fileID, filePath: filePath, line: line, column: column))
}

/// Expects the backward passes of a YAML file's model to be right, on its first training examples.
///
/// `path`: the model file.
///
/// - Returns: The check.
/// - Throws: An `InputError` with the line of what is wrong in the file or its data.
@discardableResult
public func expectCorrectGradients(
  ofModel path: String, fileID: StaticString = #fileID, filePath: StaticString = #filePath,
  line: UInt = #line, column: UInt = #column
) throws -> GradientCheck {
  var file = try ModelFile(contentsOf: path)
  try file.loadWeights()
  guard let data = try file.readData()?.split.training else {
    throw InputError(file: path, "has no \"data\" to check the gradients on")
  }
  return try GradientCheck(file.network, on: data, seed: file.training?.seed ?? 1)
    .expectPass(at: TestLocation(fileID: fileID, filePath: filePath, line: line, column: column))
}

extension GradientCheck {
  /// Fails the test unless the verdict is pass.
  fileprivate func expectPass(at location: TestLocation) -> GradientCheck {
    switch verdict {
    case .pass: break
    case .fail: location.fail("the gradients are wrong\n\(description)")
    case .unverifiable:
      location.fail("no verdict on the gradients, which can't be verified\n\(description)")
    }
    return self
  }
}
