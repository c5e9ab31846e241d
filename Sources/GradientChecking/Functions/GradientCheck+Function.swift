public import Backpropagation

extension GradientCheck {
  /// Checks the gradient of a function of one's own, number by number, at a point.
  ///
  /// Of more than 200 numbers in an array a sample is asked one by one, and all together along random directions.
  /// Finite differences are asked, and of a ``GenericDifferentiableFunction`` dual numbers. A function that answers
  /// differently at the same point gets no verdict: ``obstacle`` says what differed.
  ///
  /// - Parameters:
  ///   - function: The function.
  ///   - point: Where to check it; choose one without symmetries, where the gradient is of order one.
  ///   - examples: How many examples the value is a mean over, for recognizing a factor of that size.
  ///   - method: The oracles that are asked.
  ///   - exhaustive: Whether every number is asked one by one.
  ///   - seed: The seed of directions and samples.
  /// - Throws: What the function throws, and a ``FunctionError`` if it has no value at the point or if its gradient
  ///   doesn't have the point's names and sizes.
  public init(
    of function: some DifferentiableFunction, at point: NamedArrays<Double>, examples: Int = 1,
    method: CheckMethod = .automatic, exhaustive: Bool = false, seed: UInt64 = 1
  ) throws {
    try self.init(
      of: function, FunctionTrial(function, at: point), cost: 0, examples: examples,
      method: method, exhaustive: exhaustive, seed: seed)
  }

  /// The same where the function has answered at the point already; `cost` is what one evaluation reads.
  init(
    of function: some DifferentiableFunction, _ trial: FunctionTrial, cost: Int, examples: Int,
    method: CheckMethod, exhaustive: Bool, seed: UInt64
  ) throws {
    let isGeneric = function is any GenericDifferentiableFunction
    if method == .dual, !isGeneric {
      throw FunctionError(
        "dual numbers need a value that is written for every type of number, as a "
          + "GenericDifferentiableFunction; finite-difference needs none")
    }
    let method = method == .automatic && !isGeneric ? .finiteDifference : method
    if let obstacle = trial.obstacle {
      self.init(seed: seed, evaluations: 3, tensors: [], oracles: [])
      self.give(up: obstacle)
      return
    }
    let alone = FunctionAlone(function, trial, cost: cost, method: method, seed: seed)
    var collector = CheckCollector(
      seed: seed, batch: examples, method: method, isExhaustive: exhaustive)
    collector.check(alone)
    try alone.rethrow()
    // A function of one's own need not be a network: its equations are its own.
    let tensors = collector.tensors.map { tensor in
      var tensor = tensor
      tensor.equation = nil
      if tensor.signature == nil { tensor.likelyCause = nil }
      return tensor
    }
    self.init(
      seed: seed, evaluations: collector.evaluations, tensors: tensors, oracles: method.oracles)
  }
}
