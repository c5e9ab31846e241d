/// All families of the corpus.
enum FamilyCatalog {
  static var all: [Family] {
    HealthyFamilies.all + OddFamilies.all + OddDataFamilies.all + OddPartFamilies.all
      + DepthFaults.all + TimeFaults.all + UnitFaults.all + LossFaults.all + DuelFamilies.all
      + SettingFaults.all
      + ArchitectureFaults.all
  }
}
