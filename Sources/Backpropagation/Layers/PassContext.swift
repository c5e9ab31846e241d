/// What holds for a whole pass over a network, beside the numbers that it reads and writes.
public final class PassContext {
  /// Whether the pass trains: batch norm then takes the batch's statistics, and dropout drops.
  public var isTraining: Bool
  /// What the random choices of this pass follow from: equal seeds drop the same units.
  public var seed: UInt64
  /// How many positions of each example are valid, where sequences are of unequal length; nil if all are.
  public var lengths: UnsafePointer<Int32>?

  /// Describes a pass.
  public init(
    isTraining: Bool = true, seed: UInt64 = 0, lengths: UnsafePointer<Int32>? = nil
  ) {
    self.isTraining = isTraining
    self.seed = seed
    self.lengths = lengths
  }

  /// The seed for one node of the network.
  func seed(of node: Int) -> UInt64 {
    // The finalizer of SplitMix64: neighbors in step or place have nothing in common.
    var z = seed &+ UInt64(node) &* 0x9e37_79b9_7f4a_7c15
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
