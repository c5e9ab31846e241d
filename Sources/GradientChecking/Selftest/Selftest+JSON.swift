/// The keys of what became of the mistakes in layers and losses, which other programs read.
struct SelftestDocument: Encodable {
  struct Subject: Encodable {
    var id: String
    var mutations: [Row]
  }

  struct Row: Encodable {
    var id: String
    var planted: Int
    var caught: Int
    var named: Int
    var tensors: [String]
  }

  struct Place: Encodable {
    var tensor: String
    var mutation: String?
    var scale: Double
    var signature: String?
  }

  var format = "gradient-selftest"
  var version = 1
  var verdict: CheckVerdict
  var seed: UInt64
  var rightGradients: Int
  var planted: Int
  var caught: Int
  var named: Int
  var subjects: [Subject]
  var missed: [Place]
  var misnamed: [Place]
  var falseAlarms: [Place]

  init(_ test: Selftest) {
    verdict = test.hasPassed ? .pass : .fail
    seed = test.seed
    rightGradients = test.rightGradients
    planted = test.trials.count
    caught = test.caught
    named = test.named
    subjects = test.subjects.map { subject in
      Subject(
        id: subject,
        mutations: Mutation.allCases.compactMap { mutation in
          let trials = test.trials(of: subject, mutation)
          guard !trials.isEmpty else { return nil }
          return Row(
            id: mutation.rawValue, planted: trials.count, caught: trials.count(where: \.isCaught),
            named: trials.count(where: \.isNamed), tensors: Set(trials.map(\.tensor)).sorted())
        })
    }
    missed = test.missed.map(Place.init)
    misnamed = test.trials.filter { $0.isCaught && !$0.isNamed }.map(Place.init)
    falseAlarms = test.falseAlarms.map { Place(tensor: $0.tensor, scale: $0.scale) }
  }
}

extension SelftestDocument.Place {
  fileprivate init(_ trial: Selftest.Trial) {
    self.init(
      tensor: trial.tensor, mutation: trial.mutation.rawValue, scale: trial.scale,
      signature: trial.signature)
  }
}
