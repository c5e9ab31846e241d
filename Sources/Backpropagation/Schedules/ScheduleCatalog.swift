/// The schedules that a model file can name.
public enum ScheduleCatalog {
  /// The schedules, one line each.
  public static let all = Catalog<any Schedule>(
    noun: "schedule",
    entries: [
      ConstantSchedule.catalogEntry,
      StepSchedule.catalogEntry,
      ExponentialSchedule.catalogEntry,
      CosineSchedule.catalogEntry,
      OneCycleSchedule.catalogEntry,
      WarmupSchedule.catalogEntry,
      PlateauSchedule.catalogEntry,
    ])
}

extension ArgumentDescription {
  static let steps = Self("steps", "how many steps it lasts", default: "all that are left")

  static func gamma(_ value: String?) -> Self {
    Self("gamma", "γ, a positive number", default: value)
  }
}

extension Arguments {
  /// More steps than any run takes.
  static let mostSteps = 1_000_000_000

  /// How many steps a schedule lasts, where it says so.
  func steps() throws(ArgumentError) -> Int? {
    self["steps"] == nil ? nil : try integer("steps", in: 1...Self.mostSteps)
  }
}
