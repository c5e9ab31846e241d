import Foundation
import GradientDiagnosis
import GradientTrace
import Testing

/// Healthy runs recorded in another framework: a small MLP, a convolution net with batch norm, an LSTM.
@Suite struct PyTorchTraceTests {
  @Test(arguments: ["pytorch-mlp", "pytorch-cnn", "pytorch-lstm"])
  func healthyRunsRecordedInPyTorchAreHealthy(_ name: String) throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../GradientTraceTests/Fixtures/\(name).jsonl.gz").standardizedFileURL
    let diagnosis = try Diagnosis(of: Trace(contentsOf: file.path))
    #expect(diagnosis.verdict == .healthy)
    #expect(diagnosis.findings.isEmpty)
    #expect(diagnosis.passed.map(\.id).contains("vanishing-gradient"))
    #expect(diagnosis.reason.hasPrefix("the loss fell from "))
  }
}
