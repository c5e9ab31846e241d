import GzipIO

extension FullSelftest {
  /// The page that says what the checker is tested with: what `gradcheck selftest --markdown` prints and
  /// Documentation/selftest.md holds, or Documentation/selftest-thorough.md.
  package var markdown: String {
    switch extent {
    case .brief:
      """
      \(layers.markdown)
      ## In whole networks

      Every third of the mistakes that apply is planted at each layer and loss of some networks, and the network checked as
      people check theirs. The gradient that is wrong is to fail, and no other.

      \(networks.table)

      ## One wrong entry

      A single entry at a random place is made wrong in weights of several sizes, whose gradient has magnitudes from 1e-12 to
      1e6. It is to be called by its index.

      \(entries.table)

      ## What is right

      Every layer at the bottom of networks in which right gradients are hard to check: ten sigmoid layers with a δ of 1e-9
      and less, ten layers with weights three times as large as they should be, and rectifiers, with a batch of 1 and of 8.
      None is to be called wrong, nor unverifiable where dual numbers are asked.

      \(rightNetworks.shortTable)

      All combinations of these, by every method, tensors of a million entries and ten seeds take minutes:
      `gradcheck selftest --thorough` asks them.

      """
    case .thorough:
      """
      # What the checker is tested with, at length

      The parts of [the self-test](selftest.md) that take minutes, whole. This page is what
      `gradcheck selftest --thorough --markdown` prints; counts at kinks may differ from one kind of processor to another.

      ## In whole networks

      Every mistake that applies, at each layer and loss of some networks, while training and, where a network does
      something else there, in evaluation alone; by dual numbers with differences beside them, which is the default, by dual
      numbers, and by finite differences. These don't tell apart what dual numbers do: which example, activation or point a
      gradient is of. A single entry that is off by a millionth of the others' size is within their tolerance and shows in
      the wiring alone, which names the tensor and not its layer.

      \(networks.table)

      ## One wrong entry

      A single entry at a random place, in weights whose gradient has magnitudes from 1e-12 to 1e6: how many are called by
      their index.

      \(entries.table)

      ## What is right

      Every layer at the bottom of networks in which right gradients are hard to check, with a batch of 1 and of 8 and with
      ten seeds: vanished, ten sigmoid layers with a δ of 1e-9 and less; exploded, ten layers with weights three times as
      large as they should be; kinked, rectifiers. None may fail, and none be unverifiable where dual numbers are asked.

      \(rightNetworks.table)

      """
    }
  }
}

/// A Markdown table.
private func markdownTable(_ heading: [String], _ rows: [[String]]) -> String {
  let rule = "|" + String(repeating: "---|", count: heading.count)
  func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }
  return ([line(heading), rule] + rows.map(line)).joined(separator: "\n")
}

extension NetworkSelftest {
  fileprivate var table: String {
    markdownTable(
      ["network", "method", "planted", "caught", "no other gradient fails", "named"],
      rows.map { row in
        [
          row.sample, row.method.rawValue, row.trials.count.grouped,
          row.trials.count(where: \.isCaught).grouped,
          row.trials.count(where: \.isLocated).grouped, row.trials.count(where: \.isNamed).grouped,
        ]
      })
  }
}

extension EntrySelftest {
  fileprivate var table: String {
    markdownTable(
      ["layer", "entries"] + Self.mistakes.map(\.description),
      rows.map { row in
        [row.subject, row.entries.grouped]
          + Self.mistakes.map { mistake in
            let trials = row.trials.filter { $0.mistake == mistake }
            return "\(trials.count(where: \.isLocated)) of \(trials.count)"
          }
      })
  }
}

extension EntryMistake: CustomStringConvertible {
  /// What is done to the entry.
  package var description: String {
    switch self {
    case .off(let distance): "off by \(distance.figures(3)) of the RMS"
    case .zeroed: "zeroed"
    case .halved: "halved"
    case .negated: "negated"
    }
  }
}

extension RightNetworkSelftest {
  /// Without what follows from the last digits of numbers, which differ between processors.
  fileprivate var shortTable: String {
    markdownTable(
      ["networks", "checks", "called wrong"],
      Weather.allCases.map { weather in
        let own = trials.filter { $0.weather == weather }
        return [
          weather.rawValue, own.count.grouped,
          falseAlarms.count { $0.weather == weather }.grouped,
        ]
      })
  }

  fileprivate var table: String {
    markdownTable(
      [
        "networks", "method", "checks", "entries and directions", "failed", "unverifiable",
        "at a kink",
      ],
      rows.map { row in
        func sum(_ count: KeyPath<Trial, Int>) -> String {
          row.trials.reduce(0) { $0 + $1[keyPath: count] }.grouped
        }
        return [
          row.weather.rawValue, row.method.rawValue, row.trials.count.grouped, sum(\.checked),
          sum(\.failed), sum(\.unverifiable), sum(\.atKink),
        ]
      })
  }
}
