import Backpropagation

/// The derivatives of ⟨v, y⟩ by every entry of a tensor, in fewer passes than there are entries.
///
/// The rows of most tensors have outputs of their own: those of a weight a unit each, those of an input an example each.
/// Where that is so, a direction can vary one entry in every row at once, and which output moved tells whose derivative it
/// is (Curtis, Powell and Reid, 1974). That is not assumed but looked up first: each row is varied at random by itself,
/// and what moves then is its own. Where two rows move the same output, every entry takes a direction to itself.
struct RowwiseTangents {
  let function: TangentFunction
  let elements: UnsafeMutableBufferPointer<Dual>
  let rows: Int

  private var columns: Int { elements.count / max(rows, 1) }

  /// The derivative by each entry.
  func derivatives(from source: inout RandomSource) -> [Double] {
    guard rows > 1, let owners = owners(from: &source) else {
      return function.derivatives(of: elements, entries: Array(elements.indices))
    }
    var result = [Double](repeating: 0, count: elements.count)
    for block in Self.blocks(of: columns) {
      function.prepare()
      for row in 0..<rows {
        for column in block {
          elements[row * columns + column][direction: column - block.lowerBound] = 1
        }
      }
      function.evaluate { output, weight, tangent in
        guard let row = owners[output] else { return }
        for column in block {
          result[row * columns + column] += weight * tangent[column - block.lowerBound]
        }
      }
      for row in 0..<rows {
        clear(row * columns + block.lowerBound..<row * columns + block.upperBound)
      }
    }
    return result
  }

  /// For each output the row that moves it, if one does; nil where several do.
  private func owners(from source: inout RandomSource) -> [Int?]? {
    var owners = [Int?](repeating: nil, count: function.outputs), areAlone = true
    for block in Self.blocks(of: rows) where areAlone {
      function.prepare()
      let places = block.lowerBound * columns..<block.upperBound * columns
      for place in places {
        elements[place][direction: place / columns - block.lowerBound] = source.uniform(0.5, 1.5)
      }
      function.evaluate { output, _, tangent in
        for row in block where tangent[row - block.lowerBound] != 0 {
          areAlone = areAlone && owners[output] == nil
          owners[output] = row
        }
      }
      clear(places)
    }
    return areAlone ? owners : nil
  }

  private func clear(_ places: Range<Int>) {
    for place in places { elements[place] = Dual(Double(elements[place])) }
  }

  /// Ranges of as many as there are directions.
  private static func blocks(of count: Int) -> [Range<Int>] {
    stride(from: 0, to: count, by: Dual.directions).map {
      $0..<min($0 + Dual.directions, count)
    }
  }
}
