extension Workspace {
  /// Takes the inputs and lengths of `data`, at most as many examples as there is room for.
  package func fill(with data: Dataset) {
    for (place, features) in data.features.enumerated() {
      let input = input(place, examples: data.count)
      for (index, value) in features.values.enumerated() { input[index] = Scalar(value) }
    }
    use(lengths: data.lengths.map { $0.map { Int32($0) } })
  }
}
