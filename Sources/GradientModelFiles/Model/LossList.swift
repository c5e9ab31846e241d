import Backpropagation
import GzipIO

/// The losses of a model file, each with its line: the one of `loss`, or those of `losses`.
struct LossList {
  private static let mostLosses = 64

  /// The losses.
  private(set) var losses: [NetworkLoss] = []
  /// The line of each.
  private(set) var lines: [Int] = []
  /// The line of the whole.
  let line: Int

  /// Reads `loss` or `losses` of a model file.
  init(_ file: Section) throws(InputError) {
    guard let list = file["losses"] else {
      let node = try file.required("loss", "the name of a loss")
      line = node.line
      lines = [node.line]
      losses = [NetworkLoss(try LossCatalog.all.member(node, path: "loss", file: file.file))]
      return
    }
    guard file["loss"] == nil else {
      throw file.error("losses", "the file has \"loss\" and \"losses\", expected one of them")
    }
    guard case .list(let items) = list.content else {
      throw file.error("losses", "losses is \(list.written), expected a list of losses")
    }
    guard (1...Self.mostLosses).contains(items.count) else {
      throw file.error(
        "losses", "losses has \(items.count) losses, expected 1 to \(Self.mostLosses)")
    }
    line = file.line(of: "losses")
    for item in items {
      let section = try Section(
        item, path: "losses", file: file.file, keys: ["output", "loss", "weight", "target"])
      let node = try section.required("loss", "the name of a loss")
      let weight = try section.read("weight") { arguments throws(ArgumentError) in
        try arguments.number("weight", default: 1, expected: "a positive number") { $0 > 0 }
      }
      losses.append(
        NetworkLoss(
          try LossCatalog.all.member(node, path: section.title("loss"), file: file.file),
          output: try section.text("output"), weight: weight,
          target: try section.text("target")))
      lines.append(item.line)
    }
  }
}
