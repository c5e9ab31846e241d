import GzipIO

/// A vector for each index: z_t = weight[index_t].
///
/// Takes indices [T], whole numbers from 0 to below the vocabulary's size, and gives T × units; the weight is
/// [vocabulary, units] and starts from the normal distribution, as PyTorch's. Indices have no derivative; a row's gradient
/// is the sum of the δ of the places that named it, and exactly zero if none did. An index that names no row, which only
/// layers below can make, gives NaN.
public struct Embedding: Layer {
  /// How many vectors there are.
  public var size: Int
  /// The numbers in one vector.
  public var units: Int
  /// How the vectors start.
  public var initializer: any Initializer

  /// Creates a table of `vocabulary` vectors.
  public init(
    vocabulary: Int, units: Int, initializer: any Initializer = .normal(standardDeviation: 1)
  ) {
    size = vocabulary
    self.units = units
    self.initializer = initializer
  }

  public var vocabulary: Int? { size }

  public func outputShape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    let input = try inputs.single
    guard input.rank == 1 else { throw ShapeError("takes a list of indices, got \(input)") }
    guard (1...maximumSize).contains(size), (1...maximumSize).contains(units) else {
      throw ShapeError(
        "takes a vocabulary and units from 1 to \(maximumSize.grouped), got \(size) and \(units)")
    }
    return [input[0], units]
  }

  public func parameters(for inputs: [Shape]) -> [ParameterSpecification] {
    [ParameterSpecification("weight", shape: [size, units], initializer: initializer)]
  }

  public func forward<S>(_ pass: ForwardPass<S>) {
    S.kernels.sequence.gatherRows(
      pass.input.count, units, size, pass.input.pointer, pass.parameters[0].pointer,
      pass.output.pointer)
  }

  public func backward<S>(_ pass: BackwardPass<S>) {
    pass.inputDelta?.fill(0)
    S.kernels.sequence.scatterRows(
      pass.input.count, units, size, pass.input.pointer, pass.outputDelta.pointer,
      pass.parameterGradients[0].pointer)
  }
}

extension Embedding {
  static let catalogEntry = CatalogEntry<any Layer>(
    "embedding", "A vector for each index: z_t = weight[index_t].",
    arguments: [
      ArgumentDescription("vocabulary", "how many indices there are, counted from 0"),
      ArgumentDescription("units", "the numbers in one vector"),
      ArgumentDescription(
        "initializer", "how the vectors start", default: "normal with standard deviation 1"),
    ]
  ) { arguments throws(ArgumentError) in
    Embedding(
      vocabulary: try arguments.integer("vocabulary", in: 1...maximumSize),
      units: try arguments.integer("units", in: 1...maximumSize),
      initializer: try arguments.member("initializer", of: InitializerCatalog.all)
        ?? .normal(standardDeviation: 1))
  }
}
