import ArgumentParser
import GradientHealth

/// What a command takes that judges one of two networks which train against each other.
struct PairedOptions: ParsableArguments {
  @Option(help: ArgumentHelp("That of the network trained against it.", valueName: "trace"))
  var paired: String?

  /// The other network's trace, where one is named.
  func trace(_ reading: TraceOptions) throws -> Trace? { try paired.map(reading.open) }

  /// The diagnosis of `trace`, beside the other network's trace where one is named.
  func diagnosis(
    of trace: Trace, _ reading: TraceOptions, policy: HealthPolicy
  ) throws -> Diagnosis {
    try Diagnosis(of: trace, paired: self.trace(reading), policy: policy)
  }
}
