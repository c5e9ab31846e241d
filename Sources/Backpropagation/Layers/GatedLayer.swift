import Foundation

/// A recurrent layer with gates, which hold for a while what they took in.
package protocol GatedLayer: RecurrentLayer {
  /// Over how many steps they do at the start, from 2.
  var memory: Int { get set }
}

extension LSTM: GatedLayer {}
extension GRU: GatedLayer {}

extension GatedLayer {
  /// The bias log(m − 1) of a gate that lets 1 − 1/m pass: 1/e of what went in is left after m steps (Tallec and Ollivier,
  /// Can recurrent neural networks warp time?, ICLR 2018).
  var openness: Double { log(Double(max(memory, 2) - 1)) }
}

/// The arguments that every layer with gates takes.
let gatedArguments =
  recurrentArguments + [
    ArgumentDescription(
      "memory",
      "over how many steps, from 2, the gates hold at the start what they took in: their biases are "
        + "±log(memory − 1)", default: "2")
  ]
