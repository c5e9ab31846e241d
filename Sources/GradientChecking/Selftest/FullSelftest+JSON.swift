import GzipIO

extension FullSelftest {
  /// The result as `gradcheck selftest --format json` writes it; equal results give equal text.
  package var jsonText: String {
    get throws {
      try DocumentJSON.text(of: Document(self))
    }
  }
}

/// The keys of a self-test's result: those of its first part, and beside them those of the others.
private struct Document: Encodable {
  struct Networks: Encodable {
    var network: String
    var method: String
    var planted: Int
    var caught: Int
    var located: Int
    var named: Int
  }

  struct Entries: Encodable {
    var layer: String
    var entries: Int
    var planted: Int
    var caught: Int
    var located: Int
    var named: Int
  }

  struct Right: Encodable {
    var weather: String
    var method: String
    var networks: Int
    var checked: Int
    var failed: Int
    var unverifiable: Int
    var atKink: Int
  }

  enum Key: CodingKey {
    case verdict, networks, entries, rightNetworks, faults
  }

  var layers: SelftestDocument
  var verdict: CheckVerdict
  var networks: [Networks]
  var entries: [Entries]
  var rightNetworks: [Right]
  var faults: [String]

  init(_ test: FullSelftest) {
    layers = SelftestDocument(test.layers)
    verdict = test.hasPassed ? .pass : .fail
    networks = test.networks.rows.map { row in
      Networks(
        network: row.sample, method: row.method.rawValue, planted: row.trials.count,
        caught: row.trials.count(where: \.isCaught), located: row.trials.count(where: \.isLocated),
        named: row.trials.count(where: \.isNamed))
    }
    entries = test.entries.rows.map { row in
      Entries(
        layer: row.subject, entries: row.entries, planted: row.trials.count,
        caught: row.trials.count(where: \.isCaught), located: row.trials.count(where: \.isLocated),
        named: row.trials.count(where: \.isNamed))
    }
    rightNetworks = test.rightNetworks.rows.map { row in
      func sum(_ count: KeyPath<RightNetworkSelftest.Trial, Int>) -> Int {
        row.trials.reduce(0) { $0 + $1[keyPath: count] }
      }
      return Right(
        weather: row.weather.rawValue, method: row.method.rawValue, networks: row.trials.count,
        checked: sum(\.checked), failed: sum(\.failed), unverifiable: sum(\.unverifiable),
        atKink: sum(\.atKink))
    }
    faults = test.networks.faults + test.entries.faults + test.rightNetworks.faults
  }

  func encode(to encoder: any Encoder) throws {
    try layers.encode(to: encoder)
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(verdict, forKey: .verdict)
    try container.encode(networks, forKey: .networks)
    try container.encode(entries, forKey: .entries)
    try container.encode(rightNetworks, forKey: .rightNetworks)
    try container.encode(faults, forKey: .faults)
  }
}
