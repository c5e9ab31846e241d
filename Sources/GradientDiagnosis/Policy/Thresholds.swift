/// Every threshold of the diagnosis, each with its reason; a policy may override all of them.
///
/// All are free of scale: differences of logarithms, ratios, shares and counts. Where a reason says "measured", the
/// figure stems from runs of 1 to 80 layers on handwritten digits, healthy ones and ones with a planted fault.
public enum Thresholds {
  /// The version of this table; it rises whenever a standard value changes.
  public static let version: Int = 1

  static let vanishingAttenuation = Threshold(
    name: "vanishing-gradient.attenuation", standard: 3,
    reason: "Decades that δ may lose from the last layer to the first. Measured: healthy runs lose "
      + "at most 2.1 in their first windows and 0.4 later, faulty ones 3.7 and more.")
  static let vanishingSlope = Threshold(
    name: "vanishing-gradient.slope", standard: 0.25,
    reason: "Decades a layer, beyond which a loss of 2 decades is taken as vanishing as well: a "
      + "sigmoid takes at least 0.6, a ReLU with He initialization none.")
  static let vanishingSlopeAttenuation = Threshold(
    name: "vanishing-gradient.slope-attenuation", standard: 2,
    reason: "Decades that must be lost in all before the slope counts: over two or three layers "
      + "a steep slope does no harm.")
  static let vanishingUpdateRatio = Threshold(
    name: "vanishing-gradient.update-ratio", standard: 1e-4,
    reason: "Below this share of its weight a step, a layer keeps its random start. Measured: a "
      + "healthy first layer starts at 3e-4 or more, a starved one at 5e-5 or less.")
  static let vanishingAffected = Threshold(
    name: "vanishing-gradient.affected", standard: 1.5,
    reason: "A layer is named as affected when its δ lies this many decades below the last "
      + "layer's: healthy trained networks stay under it.")

  static let explodingGrowth = Threshold(
    name: "exploding-gradient.growth", standard: 1.5,
    reason: "Decades that δ may grow from the last layer to the first at the first step. "
      + "Measured: healthy starts grow by at most 0.9, faulty ones by 1.8 and more.")
  static let explodingSlope = Threshold(
    name: "exploding-gradient.slope", standard: 0.15,
    reason: "Decades a layer beyond which a growth of 1.2 decades counts as well: three times He's "
      + "scale makes 0.48.")
  static let explodingSlopeGrowth = Threshold(
    name: "exploding-gradient.slope-growth", standard: 1.2,
    reason: "Decades that δ must grow in all before the slope counts.")
  static let explodingLaterGrowth = Threshold(
    name: "exploding-gradient.later-growth", standard: 2,
    reason: "Decades of growth over depth in a window after the start. Measured: trained healthy "
      + "networks reach 0.8, since their last layers learn first.")
  static let explodingZScore = Threshold(
    name: "exploding-gradient.z-score", standard: 6,
    reason: "Robust deviations of the logarithm of the global gradient norm from its median of "
      + "the last 50 steps, (g − median)/(1.4826·MAD + 0.05).")
  static let explodingJump = Threshold(
    name: "exploding-gradient.jump", standard: 1,
    reason: "Decades by which the global gradient norm must exceed its median as well; a quiet "
      + "run has small deviations, which mean nothing.")
  static let explodingHits = Threshold(
    name: "exploding-gradient.hits", standard: 3,
    reason: "Steps of 100 that must exceed both; a single spike is worth a note, no alarm.")

  static let explodingUpdate = Threshold(
    name: "exploding-gradient.update-ratio", standard: 0.1,
    reason: "An update beyond this share of the weights blames the learning rate; healthy updates "
      + "are a hundredth of it.")

  static let deadExcess = Threshold(
    name: "dead-relu.excess", standard: 0.25,
    reason: "Share of a layer's units that are dead beyond chance. Measured: healthy runs reach "
      + "0.21, runs with killed layers 0.4 and more.")
  static let deadNote = Threshold(
    name: "dead-relu.note", standard: 0.1,
    reason: "Share beyond chance that is worth a note without an alarm.")
  static let deadError = Threshold(
    name: "dead-relu.error", standard: 0.75,
    reason: "Share beyond chance at which the layer passes on next to nothing.")
  static let deadUpdate = Threshold(
    name: "dead-relu.update-ratio", standard: 0.1,
    reason: "An update beyond this share of the weights is large enough to kill units at once; "
      + "healthy updates are a hundredth of it.")

  static let lossRatio = Threshold(
    name: "loss-divergence.ratio", standard: 3,
    reason: "Times its start, or that of the best constant prediction, beyond which a loss has "
      + "diverged; noise of small batches stays below.")
  static let learningFall = Threshold(
    name: "not-learning.fall", standard: 0.1,
    reason: "Share by which the loss must lie below that of the best constant prediction to count "
      + "as learned.")

  /// All thresholds, in the catalog's order of the symptoms.
  public static let all: [Threshold] = [
    vanishingAttenuation, vanishingSlope, vanishingSlopeAttenuation, vanishingUpdateRatio,
    vanishingAffected, explodingGrowth, explodingSlope, explodingSlopeGrowth,
    explodingLaterGrowth, explodingZScore, explodingJump, explodingHits, explodingUpdate,
    deadExcess, deadNote, deadError, deadUpdate, lossRatio, learningFall,
  ]
}
