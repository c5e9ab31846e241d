import Foundation

/// A healthy log in JSON lines of a small network, line by line, for tests to spoil.
struct SmallLog {
  /// The first line, the run.
  var header = #"""
    {"format":"gradient-trace","version":1,"producer":"p 1","run":{"constantLoss":2.3},"layers":[\#
    {"name":"input","kind":"input"},\#
    {"name":"fc1","kind":"dense","units":4,"parameters":[{"name":"weight","shape":[4,3]}]},\#
    {"name":"act","kind":"relu","units":4},\#
    {"name":"fc2","kind":"dense","units":2,"parameters":[{"name":"weight","shape":[2,4]}]}]}
    """#
  /// The lines of the steps.
  var steps: [String] = (0..<60).map(SmallLog.step)

  /// The whole file.
  var text: String { ([header] + steps).map { $0 + "\n" }.joined() }

  /// The log with `change` made to it.
  static func changed(_ change: (inout SmallLog) -> Void) -> String {
    var log = SmallLog()
    change(&log)
    return log.text
  }

  /// Puts `new` in the place of `old` in every step.
  mutating func replace(_ old: String, with new: String) {
    for index in steps.indices { steps[index] = steps[index].replacing(old, with: new) }
  }

  /// Writes another loss into every step.
  mutating func setLoss(_ text: String) {
    for index in steps.indices {
      guard let key = steps[index].range(of: #""loss":"#),
        let next = steps[index].range(of: #","examples""#)
      else { continue }
      steps[index].replaceSubrange(key.upperBound..<next.lowerBound, with: text)
    }
  }

  /// Keeps a document with the run.
  mutating func add(document: String, named name: String) {
    header.removeLast()
    header += #","documents":{"\#(name)":\#(document)}}"#
  }

  /// The line of step `number`; the loss falls by a twentieth each time.
  private static func step(_ number: Int) -> String {
    var loss = 2.3
    for _ in 0..<number { loss *= 0.95 }
    let window = #""unitWindow":{"steps":10,"activeCounts":[60,50,40,70]},"#
    return #"""
      {"step":\#(number),"loss":\#(loss),"examples":8,"lossDivisor":8,"layers":{\#
      "fc1":{\#(tensors),\#(weight)},\#
      "act":{\#(number % 10 == 9 ? window : "")\#(tensors)},\#
      "fc2":{\#(tensors),\#(weight)}}}
      """#
  }

  private static let tensors = #"""
    "activation":{"count":32,"rms":0.5,"max":1.5,"zeros":0,"nonFinite":0},\#
    "delta":{"count":32,"rms":0.01,"max":0.1,"zeros":0,"nonFinite":0}
    """#

  private static let weight = #"""
    "parameters":{"weight":{"rms":0.3,"gradientRms":0.01,"updateRms":0.001,"nonFinite":0}}
    """#
}
