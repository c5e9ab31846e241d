import Dispatch

/// A value that another thread reads while this one goes on.
final class ReadAhead<Value: Sendable>: @unchecked Sendable {
  private let isRead = DispatchSemaphore(value: 0)
  /// Written once, before the semaphore is signaled.
  private var result: Result<Value, any Error>?

  /// Begins to read.
  init(_ read: @escaping @Sendable () throws -> Value) {
    DispatchQueue.global(qos: .userInitiated).async { [self] in
      result = Result { try read() }
      isRead.signal()
    }
  }

  /// The value, once it is there, or the error that reading it threw.
  func value() throws -> Value {
    isRead.wait()
    isRead.signal()
    guard let result else { preconditionFailure("signaled before it was read") }
    return try result.get()
  }
}
