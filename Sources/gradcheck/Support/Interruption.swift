import Dispatch
import Foundation
import Synchronization

/// Notices SIGINT and SIGTERM, so that a run can close its trace before it ends.
///
/// A second signal ends the program at once.
final class Interruption {
  private let received = Received()
  private let sources: [any DispatchSourceSignal]

  init() {
    sources = [SIGINT, SIGTERM].map { [received] number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        if !received.note(number) { exit(128 + number) }
      }
      source.activate()
      return source
    }
  }

  deinit { for source in sources { source.cancel() } }

  /// The status that the signal asks for, or nil while there was none.
  var status: ExitStatus? { ExitStatus(rawValue: 128 + received.number) }
}

/// The first signal that came.
private final class Received: Sendable {
  private let first = Atomic<Int32>(0)

  var number: Int32 { first.load(ordering: .relaxed) }

  /// Takes in a signal, and answers whether it is the first.
  func note(_ number: Int32) -> Bool {
    first.compareExchange(expected: 0, desired: number, ordering: .sequentiallyConsistent).exchanged
  }
}
