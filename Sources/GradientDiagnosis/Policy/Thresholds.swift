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
  static let vanishingUpdateLag = Threshold(
    name: "vanishing-gradient.update-lag", standard: 1.5,
    reason:
      "Decades by which that layer must lag behind the fastest of a run that has learned: where "
      + "training has converged all layers rest alike.")
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
  static let deadHarmless = Threshold(
    name: "dead-relu.harmless", standard: 0.4,
    reason: "The same share where the loss has fallen by more than half all the same. Measured: "
      + "healthy runs reach 3 of 8 channels, runs with killed layers half of the units and more.")
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

  static let saturatedShare = Threshold(
    name: "saturated-activation.share", standard: 0.5,
    reason: "Share of a layer's outputs at the activation's flat ends.")
  static let saturatedDrop = Threshold(
    name: "saturated-activation.drop", standard: 0.4,
    reason: "Decades that δ must lose across the activation besides. Measured: healthy trained "
      + "layers with two fifths of their outputs saturated lose up to 0.44, most 0.2.")

  static let highRateUpdate = Threshold(
    name: "learning-rate-too-high.update-ratio", standard: 0.1,
    reason: "A usual update beyond this share of the weights turns them over in ten steps.")
  static let highRateLeap = Threshold(
    name: "learning-rate-too-high.leap", standard: 0.3,
    reason:
      "An update beyond this share of the weights makes others of them. Measured: with a rate "
      + "ten times too high two steps exceed it at least, in a healthy run one at most.")
  static let highRateLeaps = Threshold(
    name: "learning-rate-too-high.leaps", standard: 2,
    reason: "Steps that must leap: a single one may be a bad batch.")
  static let highRateRelapse = Threshold(
    name: "learning-rate-too-high.relapse", standard: 0.2,
    reason:
      "Share of the best constant prediction's loss by which the loss may climb back from its "
      + "lowest median: noise of batches does not move a median that far.")
  static let highRateExcess = Threshold(
    name: "learning-rate-too-high.excess", standard: 1.2,
    reason: "Times its start at which a loss is no longer held up but driven up.")
  static let highRateRising = Threshold(
    name: "learning-rate-too-high.rising-update-ratio", standard: 0.01,
    reason: "An update ten times the usual thousandth, which explains a loss that rises.")

  static let lowRateUpdate = Threshold(
    name: "learning-rate-too-low.update-ratio", standard: 1e-4,
    reason: "A tenth of the usual thousandth, for the fastest of all layers.")

  static let lowRatePath = Threshold(
    name: "learning-rate-too-low.path", standard: 0.03,
    reason: "Or this share of itself over the whole planned run, even if all its steps led the "
      + "same way: in a short run the usual thousandth is needed at each.")

  static let unnormalizedSize = Threshold(
    name: "unnormalized-input.size", standard: 1,
    reason: "Decades of the input's RMS above 1, for which weights are made; gray values from 0 "
      + "to 16 stay below.")
  static let unnormalizedSpread = Threshold(
    name: "unnormalized-input.spread", standard: 1.5,
    reason: "Decades from the typical feature to the largest, whose gradients differ as much.")
  static let unnormalizedOffset = Threshold(
    name: "unnormalized-input.offset", standard: 8,
    reason: "Standard deviations that the typical feature may lie from zero.")

  static let untrainedGradient = Threshold(
    name: "untrained-layer.gradient", standard: 3,
    reason: "Decades by which a resting layer's gradient may lie below the largest: a smaller one "
      + "has vanished, which is another symptom.")

  static let learningFall = Threshold(
    name: "not-learning.fall", standard: 0.1,
    reason: "Share by which the loss must lie below that of the best constant prediction to count "
      + "as learned.")
  static let littleFall = Threshold(
    name: "not-learning.little", standard: 0.5,
    reason: "Share by which a loss must have fallen for a symptom beside it to have done no harm: "
      + "what holds a run up need not stop it.")

  static let lossRatio = Threshold(
    name: "loss-divergence.ratio", standard: 3,
    reason: "Times its start, or that of the best constant prediction, beyond which a loss has "
      + "diverged; noise of small batches stays below.")

  static let timeAttenuation = Threshold(
    name: "vanishing-through-time.attenuation", standard: 3,
    reason: "Decades that δ may lose from a sequence's last time step back to its first.")
  static let timeHeldUp = Threshold(
    name: "vanishing-through-time.held-up", standard: 2,
    reason: "The same where weights move and nothing is learned: the first time step has a "
      + "hundredth of the last one's say, and nothing speaks for that being enough.")

  static let timeGrowth = Threshold(
    name: "exploding-through-time.growth", standard: 2,
    reason: "Decades that δ may grow from a sequence's last time step back to its first.")

  static let bottleneckDrop = Threshold(
    name: "local-bottleneck.drop", standard: 1.5,
    reason: "Decades that δ may lose from one layer to the next; a whole healthy network loses no "
      + "more.")
  static let bottleneckScore = Threshold(
    name: "local-bottleneck.score", standard: 5,
    reason: "Robust deviations by which that drop must stand out among those of the other layers.")

  static let dormantScore = Threshold(
    name: "dormant-units.score", standard: 0.025,
    reason: "Size of a unit's output, next to the layer's mean, at which it hardly counts; the "
      + "value of Sokar et al.")
  static let dormantShare = Threshold(
    name: "dormant-units.share", standard: 0.25,
    reason: "Share of a layer's units that may be dormant: some tasks need few.")

  static let dormantMajority = Threshold(
    name: "dormant-units.majority", standard: 0.5,
    reason: "Share from which on it is an alarm though the loss has fallen: the layer works as if "
      + "it were less than half as wide.")

  static let oscillationCorrelation = Threshold(
    name: "oscillation.correlation", standard: 0.6,
    reason: "Negative autocorrelation of a swing: noise of 50 steps reaches 0.4.")
  static let oscillationHeight = Threshold(
    name: "oscillation.height", standard: 0.5,
    reason: "Height of the swing next to the loss: smaller ones belong to any large step.")
  static let oscillationShare = Threshold(
    name: "oscillation.share", standard: 0.05,
    reason: "Height of the swing next to the best constant prediction's loss: once all is "
      + "learned, the rest may swing.")

  static let overfittingLoss = Threshold(
    name: "overfitting.loss", standard: 1,
    reason: "Share of what validation had gained that may be lost again: beyond it the network is "
      + "worse than a constant answer. Measured: small nets on small data lose up to 0.8 to a few "
      + "examples that they answer wrong with confidence, while their accuracy holds.")
  static let overfittingNote = Threshold(
    name: "overfitting.note", standard: 0.25,
    reason: "Share that is worth a note without an alarm: many healthy runs lose a tenth.")

  static let collapsedSpread = Threshold(
    name: "collapsed-output.spread", standard: 0.01,
    reason: "Deviation of the answers over the examples next to their size.")

  static let clippingShare = Threshold(
    name: "clipping-always-on.share", standard: 0.9,
    reason: "Share of steps at which a safeguard may act and still be one.")
  static let clippingFactor = Threshold(
    name: "clipping-always-on.factor", standard: 0.1,
    reason: "What clipping must leave of the usual gradient: half of it does little harm.")

  static let subnormalShare = Threshold(
    name: "subnormal-gradient.share", standard: 0.1,
    reason: "Share of a layer's δ below full precision: the tails of a healthy δ stay under it.")

  static let adversarialBalance = Threshold(
    name: "adversarial-imbalance.balance", standard: 1.5,
    reason: "Decades between the two losses, each next to its start; they swing by less where "
      + "both learn.")

  /// All thresholds, in the catalog's order of the symptoms.
  public static let all: [Threshold] = [
    vanishingAttenuation, vanishingSlope, vanishingSlopeAttenuation, vanishingUpdateRatio,
    vanishingUpdateLag,
    vanishingAffected, explodingGrowth, explodingSlope, explodingSlopeGrowth,
    explodingLaterGrowth, explodingZScore, explodingJump, explodingHits, explodingUpdate,
    deadExcess, deadHarmless, deadNote, deadError, deadUpdate, saturatedShare, saturatedDrop,
    highRateUpdate,
    highRateLeap, highRateLeaps, highRateRelapse, highRateExcess, highRateRising, lowRateUpdate,
    lowRatePath,
    unnormalizedSize, unnormalizedSpread, unnormalizedOffset, untrainedGradient, learningFall,
    littleFall, lossRatio, timeAttenuation, timeHeldUp, timeGrowth, bottleneckDrop, bottleneckScore,
    dormantScore, dormantShare, dormantMajority, oscillationCorrelation, oscillationHeight,
    oscillationShare,
    overfittingLoss, overfittingNote, collapsedSpread, clippingShare, clippingFactor,
    subnormalShare, adversarialBalance,
  ]
}
