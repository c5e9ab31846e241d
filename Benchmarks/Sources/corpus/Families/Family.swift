/// Runs that differ in nothing but their seed: data, initial weights and order.
struct Family: Sendable {
  /// The name: architecture, depth, activation, optimizer, and the fault or the oddity.
  let name: String
  /// What is trained.
  let setup: Setup
  /// What was planted; nil where nothing was.
  let fault: Fault?

  /// A healthy family.
  init(healthy name: String, _ setup: Setup) {
    self.name = name
    self.setup = setup
    fault = nil
  }

  /// A family with a fault.
  init(_ name: String, _ setup: Setup, _ fault: Fault) {
    self.name = name
    self.setup = setup
    self.fault = fault
  }

  /// The half of the corpus that it belongs to.
  var half: Half { Half(ofFamily: name) }
}
