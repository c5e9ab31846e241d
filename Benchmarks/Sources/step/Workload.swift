import GradientHealth

/// A network, its optimizer and a batch: what `peers/workloads.py` has under the same name in PyTorch.
struct Workload {
  /// The name by which the comparison asks for it.
  let name: String
  /// The optimizer.
  let optimizer: any Optimizer
  /// A batch of random examples; every step sees the same, as in the peer.
  let data: Dataset
  /// Builds the network.
  let network: () throws -> NeuralNetwork

  init(
    _ name: String, optimizer: any Optimizer = .sgd(learningRate: 0.01, momentum: 0.9),
    input: Shape, batch: Int, @NetworkBuilder layers: @escaping () -> [LayerNode]
  ) {
    self.name = name
    self.optimizer = optimizer
    var source = RandomSource(seed: 1, stream: "examples")
    data = Dataset(
      inputShape: input, inputs: (0..<batch * input.count).map { _ in source.normal() },
      targets: .classes((0..<batch).map { $0 % 10 }, names: []))
    network = { try NeuralNetwork(input: input, loss: .softmaxCrossEntropy, layers: layers()) }
  }
}

extension Workload {
  /// The workloads, in the order of the table.
  static var all: [Workload] {
    [
      wide, small, smallWithAdam, deep, lenet, convolutions, resnet, lstm, transformer,
    ]
  }

  /// Wide products dominate.
  static var wide: Workload {
    Workload("mlp-784-512", input: [784], batch: 128) {
      Dense(512)
      ReLU()
      Dense(512)
      ReLU()
      Dense(512)
      ReLU()
      Dense(10)
    }
  }

  /// Calls dominate.
  static var small: Workload {
    Workload("mlp-64-32", input: [64], batch: 32) {
      Dense(32)
      ReLU()
      Dense(10)
    }
  }

  /// The same with an optimizer that keeps more.
  static var smallWithAdam: Workload {
    Workload("mlp-64-32-adam", optimizer: .adam(), input: [64], batch: 32) {
      Dense(32)
      ReLU()
      Dense(10)
    }
  }

  /// Many small layers.
  static var deep: Workload {
    Workload("deep-tanh", input: [64], batch: 64) {
      for _ in 0..<50 {
        Dense(64)
        Tanh()
      }
      Dense(10)
    }
  }

  /// Few channels (LeCun et al., 1998, with today's activation and pooling).
  static var lenet: Workload {
    Workload("lenet-5", input: [1, 28, 28], batch: 64) {
      Convolution2D(6, kernel: 5, padding: 2)
      ReLU()
      MaxPool2D(2)
      Convolution2D(16, kernel: 5)
      ReLU()
      MaxPool2D(2)
      Flatten()
      Dense(120)
      ReLU()
      Dense(84)
      ReLU()
      Dense(10)
    }
  }

  /// Products over patches dominate.
  static var convolutions: Workload {
    Workload("convolutions", input: [3, 32, 32], batch: 32) {
      for channels in [32, 64, 128] {
        Convolution2D(channels, kernel: 3, padding: 1)
        ReLU()
        MaxPool2D(2)
      }
      Flatten()
      Dense(10)
    }
  }

  /// Convolutions with batch norm, beside shortcuts (He et al., 2015).
  static var resnet: Workload {
    Workload("resnet-8", input: [3, 32, 32], batch: 32) {
      Convolution2D(16, kernel: 3, padding: 1, bias: false)
      BatchNorm()
      ReLU().named("stem")
      for (place, channels) in [16, 32, 64].enumerated() {
        let input = place == 0 ? "stem" : "block-\(place - 1)"
        let stride = place == 0 ? 1 : 2
        Convolution2D(channels, kernel: 3, stride: Extent(stride, stride), padding: 1, bias: false)
          .from(input)
        BatchNorm()
        ReLU()
        Convolution2D(channels, kernel: 3, padding: 1, bias: false)
        BatchNorm().named("way-\(place)")
        if stride > 1 {
          Convolution2D(channels, kernel: 1, stride: Extent(stride, stride), bias: false).from(
            input)
          BatchNorm().named("shortcut-\(place)")
        }
        Add().from("way-\(place)", stride > 1 ? "shortcut-\(place)" : input)
        ReLU().named("block-\(place)")
      }
      GlobalAveragePool()
      Dense(10)
    }
  }

  /// Many small products, one after the other.
  static var lstm: Workload {
    Workload("lstm", input: [50, 16], batch: 32) {
      LSTM(64)
      Dense(10)
    }
  }

  /// Attention and a feed-forward network, each behind a layer norm and beside a shortcut.
  static var transformer: Workload {
    Workload("transformer", input: [64, 128], batch: 16) {
      LayerNorm()
      Attention(heads: 4)
      Add().from("input", "attention-1").named("mixed")
      LayerNorm()
      Dense(512)
      ReLU()
      Dense(128)
      Add().from("mixed", "dense-2")
      Slice(axis: 1, start: 64)
      Flatten()
      Dense(10)
    }
  }
}
