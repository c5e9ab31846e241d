/// The numbers of a block's layers as they come from the file: for each statistic a column with a number a step.
///
/// It has columns for what the file holds, not for all that its header names.
struct BlockColumns {
  /// The number of parameters of each layer.
  private let parameters: [Int]
  private let steps: Int
  /// Column after column; the first one is that of a statistic of which nothing was recorded.
  private var numbers: [Double]
  /// For each layer and place in ``StepLayout``'s order, where the column starts; none for a layer without a column.
  private var starts: [[Int]]

  /// The most columns for which there is room from the start.
  private static let roomiest = 1 << 14

  /// Creates a block without columns that has room for about so many.
  init(_ header: TraceHeader, steps: Int, columns: Int) {
    parameters = header.layers.map(\.parameters.count)
    self.steps = steps
    numbers = []
    numbers.reserveCapacity((min(columns, Self.roomiest) + 1) * steps)
    numbers.append(contentsOf: repeatElement(.notRecorded, count: steps))
    starts = Array(repeating: [], count: header.layers.count)
  }

  /// Decodes the column at `place` of `layer`.
  ///
  /// - Returns: false if `bytes` are not those of such a column.
  mutating func decode(
    _ bytes: UnsafeRawBufferPointer, as type: ElementType, to place: Int, of layer: Int
  ) -> Bool {
    if starts[layer].isEmpty {
      starts[layer] = Array(
        repeating: 0, count: StepLayout.offset(of: .parameter(parameters[layer])))
    }
    if starts[layer][place] == 0 {
      starts[layer][place] = numbers.count
      numbers.append(contentsOf: repeatElement(.notRecorded, count: steps))
    }
    let start = starts[layer][place]
    return numbers.withUnsafeMutableBufferPointer {
      Series.decode(
        bytes, as: type, into: UnsafeMutableBufferPointer(rebasing: $0[start..<start + steps]))
    }
  }

  /// Writes what the layers recorded into the steps of the block, over what stands there: most of what a step needs can be
  /// used again.
  func fill(_ steps: inout [StepRecord]) {
    numbers.withUnsafeBufferPointer { numbers in
      guard let column = numbers.baseAddress else { return }
      for index in steps.indices {
        for layer in starts.indices
        where !starts[layer].isEmpty || steps[index].layers[layer] != nil {
          starts[layer].withUnsafeBufferPointer { places in
            let count = parameters[layer]
            let numbers = places.baseAddress.map { StepNumbers(column: column + index, starts: $0) }
            steps[index].layers[layer].refill(
              places.isEmpty ? nil : numbers, 0..<StepLayout.offset(of: .parameter(count)),
              blank: LayerRecord(parameters: Array(repeating: nil, count: count)))
          }
        }
      }
    }
  }
}

/// The numbers of one layer at one step.
private struct StepNumbers {
  /// The step's number in the first column.
  let column: UnsafePointer<Double>
  /// Where the column of each place starts.
  let starts: UnsafePointer<Int>

  func real(_ place: Int) -> Double? {
    let number = column[starts[place]]
    return number.isRecorded ? number : nil
  }

  func count(_ place: Int) -> Int? { real(place).flatMap { Int(exactly: $0) } }

  func hasAny(of places: Range<Int>) -> Bool {
    for place in places where column[starts[place]].isRecorded { return true }
    return false
  }
}

/// What is read from successive columns of a block.
private protocol Refillable {
  /// Takes the numbers from `place` on for what it holds.
  mutating func refill(_ numbers: StepNumbers, at place: Int)
}

extension Optional where Wrapped: Refillable {
  /// Takes the numbers at `places`, in a blank where there is none yet; nil where nothing was recorded.
  fileprivate mutating func refill(
    _ numbers: StepNumbers?, _ places: Range<Int>, blank: @autoclosure () -> Wrapped
  ) {
    guard let numbers, numbers.hasAny(of: places) else {
      if self != nil { self = nil }
      return
    }
    if self == nil { self = blank() }
    self?.refill(numbers, at: places.lowerBound)
  }
}

// These follow the order of the lists of fields.

extension LayerRecord: Refillable {
  fileprivate mutating func refill(_ numbers: StepNumbers, at place: Int) {
    silentUnits = numbers.count(place)
    saturated = numbers.count(place + 1)
    calls = numbers.count(place + 2)
    let activation = place + StepLayout.offset(of: .activation)
    let delta = place + StepLayout.offset(of: .delta)
    self.activation.refill(numbers, activation..<activation + 7, blank: TensorStatistics())
    self.delta.refill(numbers, delta..<delta + 7, blank: TensorStatistics())
    for index in parameters.indices {
      let start = place + StepLayout.offset(of: .parameter(index))
      parameters[index].refill(numbers, start..<start + 9, blank: ParameterStatistics())
    }
    unitWindow = nil
    deltaRMSByTime = nil
    unitMeans = nil
    unitDeviations = nil
    unitDeltas = nil
  }
}

extension TensorStatistics: Refillable {
  fileprivate mutating func refill(_ numbers: StepNumbers, at place: Int) {
    count = numbers.count(place)
    mean = numbers.real(place + 1)
    rms = numbers.real(place + 2)
    max = numbers.real(place + 3)
    zeros = numbers.count(place + 4)
    nonFinite = numbers.count(place + 5)
    subnormal = numbers.count(place + 6)
    histogram = nil
  }
}

extension ParameterStatistics: Refillable {
  fileprivate mutating func refill(_ numbers: StepNumbers, at place: Int) {
    rms = numbers.real(place)
    gradientRMS = numbers.real(place + 1)
    gradientMax = numbers.real(place + 2)
    gradientZeros = numbers.count(place + 3)
    updateRMS = numbers.real(place + 4)
    nonFinite = numbers.count(place + 5)
    gradientNonFinite = numbers.count(place + 6)
    distinctRows = numbers.count(place + 7)
    frozen = numbers.count(place + 8).map { $0 != 0 }
    gradientHistogram = nil
  }
}
