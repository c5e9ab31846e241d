// Arithmetic for people's own layers: each operation makes a new tensor. The toolkit's own layers write in place.

/// The sum, element by element.
public func + <S>(a: some TensorReadable<S>, b: some TensorReadable<S>) -> Tensor<S> {
  combine(a, b, S.kernels.add)
}

/// The difference, element by element.
public func - <S>(a: some TensorReadable<S>, b: some TensorReadable<S>) -> Tensor<S> {
  combine(a, b, S.kernels.subtract)
}

/// The product, element by element.
public func * <S>(a: some TensorReadable<S>, b: some TensorReadable<S>) -> Tensor<S> {
  combine(a, b, S.kernels.multiply)
}

/// The quotient, element by element.
public func / <S>(a: some TensorReadable<S>, b: some TensorReadable<S>) -> Tensor<S> {
  combine(a, b, S.kernels.divide)
}

/// Adds a number to each element.
public func + <S>(a: some TensorReadable<S>, b: S) -> Tensor<S> { affine(a, factor: 1, offset: b) }

/// Subtracts a number from each element.
public func - <S>(a: some TensorReadable<S>, b: S) -> Tensor<S> { affine(a, factor: 1, offset: -b) }

/// Subtracts each element from a number.
public func - <S>(a: S, b: some TensorReadable<S>) -> Tensor<S> { affine(b, factor: -1, offset: a) }

/// Multiplies each element by a number.
public func * <S>(a: S, b: some TensorReadable<S>) -> Tensor<S> { affine(b, factor: a, offset: 0) }

/// Multiplies each element by a number.
public func * <S>(a: some TensorReadable<S>, b: S) -> Tensor<S> { affine(a, factor: b, offset: 0) }

/// 1/(1 + e^−x) of each element.
public func sigmoid<S>(_ x: some TensorReadable<S>) -> Tensor<S> { map(x, S.kernels.sigmoid) }

/// The hyperbolic tangent of each element.
public func tanh<S>(_ x: some TensorReadable<S>) -> Tensor<S> { map(x, S.kernels.tanh) }

/// e^x of each element.
public func exp<S>(_ x: some TensorReadable<S>) -> Tensor<S> { map(x, S.kernels.exp) }

/// The natural logarithm of each element.
public func log<S>(_ x: some TensorReadable<S>) -> Tensor<S> { map(x, S.kernels.log) }

/// The square root of each element.
public func sqrt<S>(_ x: some TensorReadable<S>) -> Tensor<S> { map(x, S.kernels.squareRoot) }

private func map<S>(_ x: some TensorReadable<S>, _ kernel: Kernels<S>.Map) -> Tensor<S> {
  x.withView { x in
    var result = Tensor<S>(zeros: x.shape)
    result.withMutableView { $0.assign(kernel, of: x) }
    return result
  }
}

private func combine<S>(
  _ a: some TensorReadable<S>, _ b: some TensorReadable<S>, _ kernel: Kernels<S>.Binary
) -> Tensor<S> {
  a.withView { a in
    b.withView { b in
      precondition(a.shape == b.shape, "arithmetic on \(a.shape) and \(b.shape)")
      var result = Tensor<S>(zeros: a.shape)
      result.withMutableView { $0.assign(kernel, of: a, b) }
      return result
    }
  }
}

private func affine<S>(_ x: some TensorReadable<S>, factor: S, offset: S) -> Tensor<S> {
  x.withView { x in
    var result = Tensor<S>(zeros: x.shape)
    result.withMutableView { S.kernels.scale(x.count, factor, offset, x.pointer, $0.pointer) }
    return result
  }
}
