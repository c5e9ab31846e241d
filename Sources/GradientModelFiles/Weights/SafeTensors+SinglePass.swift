public import Backpropagation

extension SafeTensors {
  /// A pass as a file: `loss`, and under `NAME/activation`, `NAME/delta` and `NAME/weight.gradient` all that it computed.
  public init(
    _ pass: SinglePass, precision: Trainer.Precision, metadata: [String: String] = [:]
  ) {
    let type: NumberType = precision == .float ? .float32 : .float64
    func array(_ tensor: Tensor<Double>) -> NumberArray {
      NumberArray(shape: tensor.shape.sizes, numbers: tensor.scalars, type: type)
    }
    var tensors = ["loss": NumberArray(shape: [], numbers: [pass.loss], type: type)]
    for (name, values) in pass.activations { tensors["\(name)/activation"] = array(values) }
    for (name, values) in pass.deltas { tensors["\(name)/delta"] = array(values) }
    for (name, values) in pass.gradients { tensors["\(name).gradient"] = array(values) }
    self.init(
      tensors,
      metadata: metadata.merging([
        "format": "gradient-pass", "version": "1", "precision": precision.rawValue,
        "mode": "training", "examples": "\(pass.examples)",
        "lossDivisor": "\(pass.lossDivisor)",
      ]) { given, _ in given })
  }
}
