public import Backpropagation
public import GradientTrace

extension Trainer {
  /// Trains and records every step in a trace at `path`.
  ///
  /// - Throws: A ``NetworkError`` if the data don't fit the network, or an `InputError` if the trace can't be written.
  public func train(
    on data: DataSplit, epochs: Int, recordingTo path: String, name: String? = nil
  ) throws -> Trace {
    try train(on: data, for: .epochs(epochs), recordingTo: path, name: name)
  }

  /// Trains for some steps or epochs and records every step in a trace at `path`.
  ///
  /// - Throws: A ``NetworkError`` if the data don't fit the network, or an `InputError` if the trace can't be written.
  public func train(
    on data: DataSplit, for length: Length, recordingTo path: String, name: String? = nil
  ) throws -> Trace {
    var recorder: TraceRecorder?
    let recording = RunRecording(
      name: name,
      begin: { recorder = try TraceRecorder(to: path, header: $0) },
      record: {
        try recorder?.record($0)
        return .goOn
      },
      timed: { try recorder?.attach($0) })
    try train(on: data, for: length, observer: recording)
    try recorder?.finish()
    return try Trace(contentsOf: path)
  }
}
