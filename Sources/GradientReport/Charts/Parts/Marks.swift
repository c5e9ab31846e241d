extension Drawing.Element {
  /// A line through some points, or a disc where there is one alone.
  static func curve(through points: [Point], _ stroke: Stroke, _ theme: Theme) -> Drawing.Element {
    points.count == 1
      ? .disc(center: points[0], radius: theme.dotRadius, stroke.color) : .polyline(points, stroke)
  }
}

/// Marks beside the disc, told apart by their shape.
extension [Drawing.Element] {
  /// A cross: something that is wrong.
  static func cross(at point: Point, _ color: Color, _ theme: Theme) -> [Drawing.Element] {
    let arm = theme.dotRadius
    return [1.0, -1].map { side in
      .line(
        Point(point.x - arm, point.y - side * arm), Point(point.x + arm, point.y + side * arm),
        Stroke(color, width: theme.lineWidth))
    }
  }

  /// A ring: something that can't be told.
  static func ring(at point: Point, _ color: Color, _ theme: Theme) -> [Drawing.Element] {
    [
      .disc(center: point, radius: theme.dotRadius, color),
      .disc(center: point, radius: theme.dotRadius * 0.6, theme.background),
    ]
  }
}
