/// All remedies that can be carried out on a description; one that is missing here needs a person.
enum TreatmentCatalog {
  /// The treatments, by the family of what they change.
  static let all: [Treatment] =
    ActivationTreatments.all + RecurrenceTreatments.all + InitializationTreatments.all
    + NormalizationTreatments.all
    + ConnectionTreatments.all + LossTreatments.all + StepTreatments.all + DataTreatments.all

  /// The treatment that carries out the remedy with this id, or nil.
  static func treatment(for id: String) -> Treatment? { all.first { $0.id == id } }
}
