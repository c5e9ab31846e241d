import Testing

@testable import Backpropagation

/// Convolutions against their formulas, number by number, forward and backward.
struct ConvolutionTests {
  /// The examples' planes behind a network of that layer, with weights and inputs that are whole numbers, so that every sum is
  /// exact.
  static func passes<S: TensorScalar & BinaryFloatingPoint>(
    _ layer: any Layer, _ input: Shape, examples: Int = 3, _: S.Type
  ) throws -> Passes<S> {
    let network = try NeuralNetwork(
      input: input, loss: .halfSquaredError,
      layers: [LayerNode(Identity(), name: "in"), LayerNode(layer, name: "layer")])
    let parameters = ParameterStore<S>(network, seed: 1)
    var source = RandomSource(seed: 2, stream: "whole numbers")
    for view in parameters.views {
      for place in 0..<view.count { view[place] = S(source.below(9)) - 4 }
    }
    let outputs = network.nodes[network.output].shape.count
    let data = Dataset(
      inputShape: input,
      inputs: (0..<examples * input.count).map { _ in Double(source.below(9)) - 4 },
      targets: .values([Double](repeating: 0, count: examples * outputs), perExample: outputs))
    let passes = Passes(network, on: data, parameters: parameters, inputDeltas: true)
    passes.run(divisor: 1)
    return passes
  }

  /// Visits every product of the sums, by the places in the output, the weight and the input.
  private static func forEachProduct(
    of layer: Convolution2D, _ input: Shape, _ output: Shape, before: Extent, examples: Int,
    _ body: (_ output: Int, _ weight: Int, _ input: Int) -> Void
  ) {
    let share = input[0] / layer.groups, units = layer.channels / layer.groups
    for n in 0..<examples {
      for o in 0..<output[0] {
        for y in 0..<output[1] {
          for x in 0..<output[2] {
            let place = ((n * output[0] + o) * output[1] + y) * output[2] + x
            for c in 0..<share {
              for i in 0..<layer.kernel.height {
                for j in 0..<layer.kernel.width {
                  let v = y * layer.stride.height + i * layer.dilation.height - before.height
                  let u = x * layer.stride.width + j * layer.dilation.width - before.width
                  guard (0..<input[1]).contains(v), (0..<input[2]).contains(u) else { continue }
                  let channel = o / units * share + c
                  body(
                    place, ((o * share + c) * layer.kernel.height + i) * layer.kernel.width + j,
                    ((n * input[0] + channel) * input[1] + v) * input[2] + u)
                }
              }
            }
          }
        }
      }
    }
  }

  static let configurations: [(Convolution2D, Shape, before: Extent)] = [
    (Convolution2D(3, kernel: 3), [2, 5, 7], 0),
    (Convolution2D(17, kernel: 3, padding: 1), [9, 6, 70], 1),
    (Convolution2D(6, kernel: 5, padding: 2), [1, 28, 28], 2),
    (Convolution2D(13, kernel: 3, stride: 2, padding: 1), [8, 9, 8], 1),
    (Convolution2D(4, kernel: 1, stride: 3, bias: false), [3, 7, 8], 0),
    (Convolution2D(4, kernel: [2, 3], stride: [1, 2], dilation: [3, 2]), [3, 9, 11], 0),
    (Convolution2D(6, kernel: [4, 3], padding: .same, groups: 3), [6, 5, 4], [1, 1]),
    (Convolution2D(7, kernel: 3, padding: 3, groups: 7), [7, 2, 3], 3),
    // Rows of whole vectors, of half a vector, and an odd number of such.
    (Convolution2D(9, kernel: 3, padding: 1), [3, 4, 32], 1),
    (Convolution2D(14, kernel: 3, padding: 1), [8, 9, 16], 1),
    (Convolution2D(11, kernel: 3, padding: 1), [9, 6, 8], 1),
    (Convolution2D(20, kernel: 5, padding: 2), [17, 7, 8], 2),
    (Convolution2D(6, kernel: 3, padding: 1), [5, 6, 4], 1),
    (Convolution2D(10, kernel: 3, stride: 2, padding: 1), [9, 8, 32], 1),
    // More positions than are summed at a time, in rows and in one row.
    (Convolution2D(2, kernel: 2, padding: 0), [1, 30, 49], 0),
    (Convolution2D(2, kernel: [1, 3], padding: 0), [2, 2, 1500], 0),
  ]

  /// a_o(y, x) = b_o + Σ_c Σ_k w_oc(k) · z_c(y·s + k·d − p), and the same products summed for dE/dw and dE/dz.
  @Test(arguments: configurations.indices)
  func aConvolutionIsItsFormula(_ place: Int) throws {
    let (layer, input, before) = Self.configurations[place]
    let output = try layer.outputShape(of: [input])
    func check<S: TensorScalar & BinaryFloatingPoint>(_: S.Type) throws {
      let passes = try Self.passes(layer, input, S.self)
      let parameters = passes.workspace.parameters.views.map { $0.copy.scalars.map { Double($0) } }
      let z = passes.data.inputs, w = parameters[0], delta = passes.delta(of: "layer")
      let area = output[1] * output[2]
      var outputs = delta.indices.map {
        layer.hasBias ? parameters[1][$0 / area % layer.channels] : 0
      }
      var gradient = w.map { _ in 0.0 }, inputDelta = z.map { _ in 0.0 }
      Self.forEachProduct(
        of: layer, input, output, before: before, examples: passes.data.count
      ) { o, k, i in
        outputs[o] += w[k] * z[i]
        gradient[k] += delta[o] * z[i]
        inputDelta[i] += delta[o] * w[k]
      }
      #expect(passes.output(of: "layer") == outputs)
      #expect(Array(passes.gradients.prefix(w.count)) == gradient)
      #expect(passes.delta(of: "in") == inputDelta)
      #expect(delta.contains { $0 != 0 })
    }
    try check(Float.self)
    try check(Double.self)
  }

  /// A line of numbers is a plane of height 1.
  @Test func aConvolutionAlongALengthIsOneOverPlanesOfHeightOne() throws {
    let line = try Self.passes(
      Convolution1D(5, kernel: 3, stride: 2, padding: 2, dilation: 2, groups: 1), [4, 13],
      Float.self)
    let plane = try Self.passes(
      Convolution2D(5, kernel: [1, 3], stride: [1, 2], padding: [0, 2], dilation: [1, 2]),
      [4, 1, 13], Float.self)
    #expect(line.output(of: "layer") == plane.output(of: "layer"))
    #expect(line.delta(of: "in") == plane.delta(of: "in"))
    #expect(line.gradients == plane.gradients)
  }

  /// ⟨w ∗ z, a⟩ = ⟨z, wᵀ ∗ a⟩, with the same weights in the same layout.
  @Test(arguments: [(3, 1, 0), (3, 2, 1), (2, 3, 0), (4, 2, 1)])
  func aTransposedConvolutionIsTheTranspose(kernel: Int, stride: Int, padding: Int) throws {
    let size = Extent(kernel, kernel), step = Extent(stride, stride)
    let forward = Convolution2D(
      5, kernel: size, stride: step, padding: .zeros(Extent(padding, padding)), bias: false)
    let transposed = TransposedConvolution2D(
      3, kernel: size, stride: step, padding: Extent(padding, padding), bias: false)
    let input: Shape = try transposed.outputShape(of: [[5, 4, 3]])
    #expect(try forward.outputShape(of: [input]) == [5, 4, 3])
    let there = try Self.passes(forward, input, Double.self)
    let back = try Self.passes(transposed, [5, 4, 3], Double.self)
    #expect(there.workspace.parameters.views[0].copy == back.workspace.parameters.views[0].copy)
    func product(_ a: [Double], _ b: [Double]) -> Double {
      zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
    }
    let left = product(there.output(of: "layer"), back.data.inputs)
    let right = product(there.data.inputs, back.output(of: "layer"))
    #expect(left == right)
    #expect(left != 0)
  }

  /// The sum over the examples comes out the same each time, and the outputs for whatever number of threads and examples.
  @Test func passesAreReproducible() throws {
    let layer = Convolution2D(20, kernel: 3, padding: 1)
    let network = try NeuralNetwork(input: [3, 9, 9], loss: .halfSquaredError) { layer }
    let data = randomExamples(7, input: [3, 9, 9], outputs: 20 * 81, classes: false)
    let first = Passes<Float>(network, on: data), second = Passes<Float>(network, on: data)
    first.run()
    second.run()
    #expect(first.gradients == second.gradients)
    #expect(first.output(of: "convolution-2d-1") == second.output(of: "convolution-2d-1"))
    let alone = Passes<Float>(network, on: data.prefix(1))
    alone.run()
    #expect(
      alone.output(of: "convolution-2d-1")
        == Array(first.output(of: "convolution-2d-1").prefix(20 * 81)))
  }

  @Test func parametersHavePyTorchsLayout() throws {
    func shapes(_ layer: any Layer, _ input: Shape) -> [Shape] {
      layer.parameters(for: [input]).map(\.shape)
    }
    #expect(
      shapes(Convolution2D(8, kernel: [3, 5], groups: 2), [4, 9, 9]) == [[8, 2, 3, 5], [8]])
    #expect(shapes(Convolution1D(8, kernel: 3, bias: false), [4, 9]) == [[8, 4, 3]])
    #expect(
      shapes(TransposedConvolution2D(8, kernel: 3, groups: 2), [4, 9, 9]) == [[4, 4, 3, 3], [8]])
    // The fans are those of a unit, in either direction.
    let there = Convolution2D(8, kernel: 3, groups: 2).parameters(for: [[4, 9, 9]])[0]
    let back = TransposedConvolution2D(8, kernel: 3, groups: 2).parameters(for: [[4, 9, 9]])[0]
    #expect(there.fans == Fans(inputs: 18, outputs: 36))
    #expect(back.fans == there.fans)
  }

  @Test func whatDoesNotFitIsRefused() {
    func message(_ layer: any Layer, _ input: Shape) -> String? {
      #expect(throws: ShapeError.self) { try layer.outputShape(of: [input]) }?.message
    }
    #expect(message(Convolution2D(3, kernel: 3), [64]) == "takes channels × height × width, got 64")
    #expect(
      message(Convolution1D(3, kernel: 3), [1, 8, 8]) == "takes channels × length, got 1 × 8 × 8")
    #expect(
      message(Convolution2D(3, kernel: [5, 3], padding: [1, 0]), [1, 2, 8])
        == "has a kernel that spans 5 × 3, more than the 4 × 8 of its input and padding")
    #expect(
      message(Convolution2D(3, kernel: 3, dilation: 4), [1, 8, 8])
        == "has a kernel that spans 9 × 9, more than the 8 × 8 of its input and padding")
    #expect(
      message(Convolution2D(3, kernel: 1, groups: 2), [4, 8, 8])
        == "divides its channels into 2 groups, got 4 in and 3 out")
    #expect(
      message(Convolution2D(4, kernel: 1, groups: 0), [4, 8, 8])
        == "divides its channels into 0 groups, got 4 in and 4 out")
    #expect(
      message(Convolution2D(3, kernel: 3, stride: 2, padding: .same), [1, 8, 8])
        == "takes the padding same with a stride of 1 alone, got 2 × 2")
    #expect(
      message(Convolution2D(3, kernel: 0), [1, 8, 8])
        == "takes a kernel of 1 to 16,777,216, got 0 × 0")
    #expect(
      message(Convolution2D(3, kernel: 1, stride: [1, 0]), [1, 8, 8])
        == "takes a stride of 1 to 16,777,216, got 1 × 0")
    #expect(
      message(Convolution2D(3, kernel: 1, padding: -1), [1, 8, 8])
        == "takes a padding of 0 to 16,777,216, got -1 × -1")
    #expect(
      message(Convolution2D(0, kernel: 1), [1, 8, 8]) == "takes 1 to 16,777,216 channels, got 0")
    #expect(
      message(TransposedConvolution2D(1, kernel: 3, stride: 2, outputPadding: 2), [1, 8, 8])
        == "takes an output padding below the stride or the dilation, got 2 × 2")
    #expect(
      message(TransposedConvolution2D(1, kernel: 2, padding: 2), [1, 2, 9])
        == "has a padding of 2 × 2 that leaves nothing of its output, from 1 × 2 × 9")
  }

  /// Numbers whose products are larger than any memory, or than an Int, are refused like others.
  @Test func whatIsTooLargeIsRefused() throws {
    let most = 1 << 24
    #expect(
      networkMessage(Convolution2D(most, kernel: 1, padding: .zeros(Extent(most, most))))
        == "its output of 16777216 × 33554441 × 33554441 is more than the 2147483647 numbers that "
        + "are supported")
    #expect(
      networkMessage(Convolution2D(1 << 20, kernel: 40, padding: 20))
        == "with it the network has 6711934976 parameters; at most 2147483647 are supported")
    #expect(
      networkMessage(Convolution2D(1, kernel: Extent(1 << 16, 1 << 16), padding: .same))
        == "with it the network has 17179869185 parameters; at most 2147483647 are supported")
    #expect(
      networkMessage(
        TransposedConvolution2D(most, kernel: Extent(most, most), stride: Extent(most, most)))
        == "its output of 16777216 × 150994944 × 150994944 is more than the 2147483647 numbers "
        + "that are supported")
    // Its weights alone would do, but the passes keep a packed copy of them.
    #expect(
      networkMessage(Convolution2D(1, kernel: Extent(1 << 14, (1 << 15) - 1), padding: .same))
        == "needs more than the 2147483647 numbers of memory that are supported")
    // A stride as large leaves one place.
    #expect(
      try Convolution2D(2, kernel: 2, stride: Extent(most, most)).outputShape(of: [[4, 9, 9]])
        == [2, 1, 1])
  }
}
