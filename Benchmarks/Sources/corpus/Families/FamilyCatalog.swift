/// All families of the corpus.
enum FamilyCatalog {
  static var all: [Family] {
    HealthyFamilies.all + OddFamilies.all + DepthFaults.all + UnitFaults.all + SettingFaults.all
      + ArchitectureFaults.all
  }
}
