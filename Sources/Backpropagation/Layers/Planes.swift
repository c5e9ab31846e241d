/// The channels of one example, each a plane of height × width; of channels × length a plane of height 1.
struct Planes: Equatable {
  var channels: Int
  var height: Int
  var width: Int

  /// How many axes each channel has: 1 for a length, 2 for height × width.
  enum Axes: Int { case length = 1, plane }

  init(channels: Int, height: Int, width: Int) {
    self.channels = channels
    self.height = height
    self.width = width
  }

  /// The planes of an example of `shape`.
  ///
  /// - Throws: A ``ShapeError`` if it has other axes.
  init(_ shape: Shape, _ axes: Axes) throws(ShapeError) {
    guard shape.rank == axes.rawValue + 1 else {
      let expected = axes == .plane ? "channels × height × width" : "channels × length"
      throw ShapeError("takes \(expected), got \(shape)")
    }
    self.init(example: shape)
  }

  /// The planes of a shape that is known to have them.
  init(example shape: Shape) {
    self.init(channels: shape[0], height: shape.rank == 3 ? shape[1] : 1, width: shape.last)
  }

  /// The planes of each example of a batch.
  init(batch shape: Shape) {
    self.init(channels: shape[1], height: shape.rank == 4 ? shape[2] : 1, width: shape.last)
  }

  var size: Int { height * width }

  func shape(_ axes: Axes) -> Shape {
    axes == .plane ? [channels, height, width] : [channels, width]
  }
}
