import GzipIO

extension FullSelftest: CustomStringConvertible {
  /// The text that `gradcheck selftest` prints: layers and losses × mutations, then the sums of all parts.
  package var description: String {
    ([layers.description] + networks.summary + entries.summary + rightNetworks.summary)
      .joined(separator: "\n")
  }
}

/// The lines on what a part came to, first the sum, then some of what is at fault.
private func lines(_ sum: String, hasPassed: Bool, faults: [String]) -> [String] {
  ["  \(hasPassed ? "pass" : "FAIL")   \(sum)"] + faults.prefix(10).map { "  FAIL   \($0)" }
}

extension NetworkSelftest {
  fileprivate var summary: [String] {
    let caught = trials.count(where: \.isCaught)
    let wrong = trials.filter { !$0.isCaught || $0.method.asksDuals && !$0.isLocated }
    return lines(
      "\(caught.grouped) of \(trials.count.grouped) mistakes in \(samples.count) whole networks are "
        + "caught",
      hasPassed: hasPassed,
      faults: faults
        + wrong.map { trial in
          let found = trial.found.isEmpty ? "nothing" : trial.found.joined(separator: ", ")
          return "\(trial.mutation.rawValue) in \(trial.tensor) of \(trial.sample): \(found)"
        })
  }
}

extension EntrySelftest {
  fileprivate var summary: [String] {
    let found = trials.count(where: \.isLocated)
    let most = (sizes.max() ?? 0).grouped
    return lines(
      "\(found.grouped) of \(trials.count.grouped) single wrong entries are found, among up to \(most)",
      hasPassed: hasPassed,
      faults: faults
        + trials.filter { !$0.isLocated }.map { trial in
          let found = trial.found.map { "\($0)" } ?? "none"
          return
            "\(trial.mistake) at \(trial.index) of \(trial.subject), magnitude \(trial.scale): "
            + "\(found)"
        })
  }
}

extension RightNetworkSelftest {
  fileprivate var summary: [String] {
    lines(
      "\(falseAlarms.count.grouped) of \(trials.count.grouped) right networks that are hard to check "
        + "are called wrong",
      hasPassed: hasPassed,
      faults: faults
        + falseAlarms.map { trial in
          "\(trial.layer), \(trial.weather.rawValue), batch \(trial.examples), seed \(trial.seed), "
            + "\(trial.method.rawValue): \(trial.tensors.joined(separator: ", "))"
        })
  }
}
