import Backpropagation
import Testing

@testable import GradientChecking

/// The layers over planes and those that move axes, with the arguments that the catalog's test doesn't give them.
struct PlaneLayerTests {
  struct Configuration: CustomTestStringConvertible, Sendable {
    var layer: any Layer
    var inputs: [Shape]

    init(_ layer: any Layer, _ inputs: Shape...) {
      self.layer = layer
      self.inputs = inputs
    }

    var testDescription: String { "\(layer) of \(inputs)" }
  }

  static let convolutions: [Configuration] = [
    Configuration(Convolution2D(5, kernel: 3), [1, 3, 3]),
    Configuration(Convolution2D(3, kernel: 1), [5, 3, 7]),
    Configuration(Convolution2D(3, kernel: 1, stride: 2), [5, 3, 7]),
    Configuration(Convolution2D(2, kernel: 1, stride: [3, 4], bias: false), [9, 4, 5]),
    Configuration(Convolution2D(4, kernel: [2, 3], stride: [2, 1], padding: [1, 2]), [3, 5, 4]),
    Configuration(Convolution2D(11, kernel: 3, stride: 2, padding: 1), [9, 5, 6]),
    Configuration(Convolution2D(3, kernel: 3, stride: 3, dilation: 2), [2, 9, 8]),
    Configuration(Convolution2D(3, kernel: 3, stride: 2, dilation: 2), [2, 9, 8]),
    Configuration(Convolution2D(2, kernel: 4, padding: .same), [2, 5, 3]),
    Configuration(Convolution2D(2, kernel: [3, 2], padding: .same, dilation: [1, 2]), [2, 5, 6]),
    Configuration(Convolution2D(6, kernel: 3, padding: 1, groups: 3), [9, 4, 3]),
    Configuration(Convolution2D(10, kernel: 2, groups: 5), [5, 3, 4]),
    Configuration(Convolution2D(16, kernel: 2, groups: 2, bias: false), [18, 2, 3]),
    Configuration(Convolution2D(1, kernel: 2, padding: 5), [1, 1, 1]),
    Configuration(Convolution1D(5, kernel: 3), [3, 9]),
    Configuration(Convolution1D(4, kernel: 4, padding: nil), [8, 7]),
    Configuration(Convolution1D(6, kernel: 3, stride: 2, padding: 2, dilation: 3), [2, 11]),
    Configuration(Convolution1D(6, kernel: 2, groups: 2, bias: false), [4, 3]),
    Configuration(TransposedConvolution2D(3, kernel: 3), [2, 3, 4]),
    Configuration(TransposedConvolution2D(3, kernel: 2, stride: 2, bias: false), [9, 3, 2]),
    Configuration(
      TransposedConvolution2D(5, kernel: 3, stride: 2, padding: 1, outputPadding: 1), [3, 3, 2]),
    Configuration(
      TransposedConvolution2D(4, kernel: [2, 3], stride: [3, 1], padding: [0, 1], groups: 2),
      [6, 2, 3]),
    Configuration(TransposedConvolution2D(2, kernel: 2, outputPadding: 1, dilation: 2), [1, 3, 3]),
    Configuration(TransposedConvolution2D(1, kernel: 1, stride: 3), [2, 2, 3]),
  ]

  static let others: [Configuration] = [
    Configuration(MaxPool2D(2), [3, 4, 6]), Configuration(MaxPool2D(2), [3, 5, 7]),
    Configuration(MaxPool2D([3, 2], stride: [1, 2], padding: [1, 0]), [2, 5, 6]),
    Configuration(MaxPool2D(3, stride: 2, padding: 1), [2, 5, 6]),
    Configuration(MaxPool2D(2, stride: 3), [2, 6, 6]),
    Configuration(MaxPool1D(3, stride: 2, padding: 1), [4, 8]),
    Configuration(AveragePool2D(2), [3, 5, 6]),
    Configuration(AveragePool2D(3, stride: 1, padding: 1), [2, 4, 3]),
    Configuration(AveragePool2D([1, 2], stride: [2, 3]), [2, 4, 5]),
    Configuration(AveragePool1D(4, stride: 1, padding: 2), [3, 7]),
    Configuration(GlobalAveragePool(), [5, 2, 3]), Configuration(GlobalMaxPool(), [5, 1, 1]),
    Configuration(Reshape([3, -1, 2]), [6, 4]), Configuration(Reshape([12]), [3, 1, 4]),
    Configuration(Transpose([3, 1, 2]), [2, 3, 5]),
    Configuration(Transpose([1, 3, 2]), [4, 1, 3]),
    Configuration(Transpose([1]), [4]),
    Configuration(Slice(start: 2, end: 2), [3]), Configuration(Slice(axis: 1, start: 2), [4, 3]),
    Configuration(Slice(axis: 2, start: 2, end: 3), [2, 4, 3]),
    Configuration(Slice(start: 2), [3, 2, 2]),
    Configuration(Concatenate(axis: 1), [2, 3], [1, 3]),
    Configuration(Concatenate(axis: 2), [2, 3, 2], [2, 1, 2], [2, 2, 2]),
    Configuration(Multiply(), [3, 2, 2], [3, 2, 2]), Configuration(Multiply(), [4], [4], [4]),
  ]

  @Test(arguments: convolutions + others, [1, 8])
  func isRightAlone(_ configuration: Configuration, examples: Int) throws {
    let check = try GradientCheck(
      layer: configuration.layer, inputs: configuration.inputs, examples: examples)
    #expect(check.verdict == .pass, "\(check)")
    #expect(check.tensors.allSatisfy { $0.checked > 0 && $0.unverifiable == 0 })
  }
}
