/// `places`, moved as little as keeps each `distance` from the next and all of them within `range`, in their own order.
package func spread(
  _ places: [Double], apart distance: Double, within range: ClosedRange<Double>
) -> [Double] {
  let order = places.indices.sorted { (places[$0], $0) < (places[$1], $1) }
  var moved = places
  var least = range.lowerBound + distance / 2
  for index in order {
    moved[index] = max(places[index], least)
    least = moved[index] + distance
  }
  var most = range.upperBound - distance / 2
  for index in order.reversed() {
    moved[index] = min(moved[index], most)
    most = moved[index] - distance
  }
  return moved
}
