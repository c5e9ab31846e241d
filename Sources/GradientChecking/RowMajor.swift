/// The index along each axis of a place in row-major order.
func index(of place: Int, in shape: [Int]) -> [Int] {
  var rest = place
  return shape.reversed().map { size in
    defer { rest /= max(size, 1) }
    return rest % max(size, 1)
  }.reversed()
}
