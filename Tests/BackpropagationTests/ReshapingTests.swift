import Testing

@testable import Backpropagation

/// Layers that move numbers without changing them.
struct ReshapingTests {
  private func output(of layer: any Layer, _ input: Tensor<Double>) throws -> Tensor<Double> {
    let shape = Shape(Array(input.shape.sizes.dropFirst()))
    var result = Tensor<Double>(
      zeros: try layer.outputShape(of: [shape]).batch(of: input.shape[0]))
    result.withMutableView { result in
      input.withView {
        layer.forward(ForwardPass(inputs: [$0], parameters: [], output: result))
      }
    }
    return result
  }

  private let images = Tensor<Double>(shape: [2, 2, 1, 3], scalars: (1...12).map(Double.init))

  @Test func numbersKeepTheirOrder() throws {
    #expect(try output(of: Flatten(), images).shape == [2, 6])
    #expect(try output(of: Reshape([3, -1]), images).shape == [2, 3, 2])
    #expect(try output(of: Reshape([3, 2]), images).scalars == images.scalars)
  }

  @Test func axesChangePlaces() throws {
    let result = try output(of: Transpose([3, 1, 2]), images)
    #expect(result.shape == [2, 3, 2, 1])
    #expect(result.scalars == [1, 4, 2, 5, 3, 6, 7, 10, 8, 11, 9, 12])
    let back = try output(of: Transpose([2, 3, 1]), result)
    #expect(back == images)
  }

  @Test func aSliceTakesThePlacesThatItNames() throws {
    #expect(try output(of: Slice(axis: 3, start: 2), images).scalars == [2, 3, 5, 6, 8, 9, 11, 12])
    // The feature axis of an image is its channels.
    #expect(try output(of: Slice(start: 2), images).scalars == [4, 5, 6, 10, 11, 12])
    let steps = Tensor<Double>(shape: [1, 3, 2], scalars: [1, 2, 3, 4, 5, 6])
    #expect(try output(of: Slice(end: 1), steps).scalars == [1, 3, 5])
    #expect(try output(of: Slice(axis: 1, start: 3, end: 3), steps).scalars == [5, 6])
  }

  @Test func positionsAreKeptWhereTheFirstAxisIs() {
    #expect(Slice().keepsPositions && !Slice(axis: 1).keepsPositions)
    #expect(Concatenate().keepsPositions && !Concatenate(axis: 1).keepsPositions)
    #expect(Transpose([1, 3, 2]).keepsPositions && !Transpose([2, 1]).keepsPositions)
    #expect(!Flatten().keepsPositions && !Reshape([2]).keepsPositions)
  }

  @Test func whatDoesNotFitIsRefused() {
    func message(_ layer: any Layer, _ inputs: Shape...) -> String? {
      #expect(throws: ShapeError.self) { try layer.outputShape(of: inputs) }?.message
    }
    #expect(message(Reshape([4, 2]), [3, 2]) == "takes as many numbers as 4 × 2 has, got 3 × 2")
    #expect(message(Reshape([4, -1]), [3, 2]) == "takes as many numbers as 4 × -1 has, got 3 × 2")
    #expect(
      message(Reshape([-1, -1]), [3, 2])
        == "takes sizes from 1, of which one may be -1, got -1 × -1")
    #expect(
      message(Reshape([0]), [3, 2]) == "takes sizes from 1, of which one may be -1, got 0")
    #expect(
      message(Transpose([1, 1]), [3, 2])
        == "takes each place from 1 to 2 once, of an input with as many axes, got [1, 1] for 3 × 2")
    #expect(
      message(Transpose([2, 1]), [3])
        == "takes each place from 1 to 2 once, of an input with as many axes, got [2, 1] for 3")
    #expect(message(Slice(axis: 3), [3, 2]) == "takes an axis from 1 to 2 of 3 × 2, got 3")
    #expect(
      message(Slice(start: 2, end: 3), [3, 2])
        == "takes places from 1 to 2 on axis 2 of 3 × 2, got 2 to 3")
    #expect(
      message(Slice(start: 3), [3, 2])
        == "takes places from 1 to 2 on axis 2 of 3 × 2, got 3 to 2")
    #expect(message(Concatenate(axis: 3), [2], [2]) == "takes an axis from 1 to 1 of 2, got 3")
    #expect(message(Multiply(), [3], [4]) == "takes inputs of one shape, got 3 and 4")
  }
}
