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

  /// Whether no layer recorded anything.
  var isEmpty: Bool { numbers.count == steps }

  /// What each layer recorded at the step at `index`.
  func layers(at index: Int) -> [LayerRecord?] {
    numbers.withUnsafeBufferPointer { numbers in
      Array(unsafeUninitializedCapacity: starts.count) { records, count in
        count = starts.count
        for layer in starts.indices {
          let record = starts[layer].withUnsafeBufferPointer { places -> LayerRecord? in
            guard !places.isEmpty, let starts = places.baseAddress,
              let column = numbers.baseAddress
            else { return nil }
            return LayerRecord(
              StepNumbers(column: column + index, starts: starts),
              parameters: parameters[layer])
          }
          records.initializeElement(at: layer, to: record)
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

// These follow the order of the lists of fields.

extension LayerRecord {
  /// The record of a layer; nil if it recorded nothing.
  fileprivate init?(_ numbers: StepNumbers, parameters count: Int) {
    let end = StepLayout.offset(of: .parameter(count))
    guard numbers.hasAny(of: 0..<end) else { return nil }
    let parameters = (0..<count).map {
      ParameterStatistics(numbers, StepLayout.offset(of: .parameter($0)))
    }
    self.init(
      activation: TensorStatistics(numbers, StepLayout.offset(of: .activation)),
      delta: TensorStatistics(numbers, StepLayout.offset(of: .delta)),
      parameters: parameters, silentUnits: numbers.count(0), saturated: numbers.count(1),
      calls: numbers.count(2))
  }
}

extension TensorStatistics {
  /// The statistics whose numbers begin at `place`; nil if none was recorded.
  fileprivate init?(_ numbers: StepNumbers, _ place: Int) {
    guard numbers.hasAny(of: place..<place + 7) else { return nil }
    self.init(
      count: numbers.count(place), mean: numbers.real(place + 1), rms: numbers.real(place + 2),
      max: numbers.real(place + 3), zeros: numbers.count(place + 4),
      nonFinite: numbers.count(place + 5), subnormal: numbers.count(place + 6))
  }
}

extension ParameterStatistics {
  /// The statistics whose numbers begin at `place`; nil if none was recorded.
  fileprivate init?(_ numbers: StepNumbers, _ place: Int) {
    guard numbers.hasAny(of: place..<place + 9) else { return nil }
    self.init(
      rms: numbers.real(place), gradientRMS: numbers.real(place + 1),
      gradientMax: numbers.real(place + 2), gradientZeros: numbers.count(place + 3),
      updateRMS: numbers.real(place + 4), nonFinite: numbers.count(place + 5),
      gradientNonFinite: numbers.count(place + 6), distinctRows: numbers.count(place + 7),
      frozen: numbers.count(place + 8).map { $0 != 0 })
  }
}
