import Foundation
import GradientHealth

/// Lets training go on for as many steps as it is told to on standard input, and takes the time of each block.
final class Pacer: TrainingObserver {
  private static let warmUp = 20
  private static let block = 50

  /// The steps taken.
  private(set) var steps = 0
  /// The most allocations of a step after the first, or nil where they aren't counted.
  private(set) var mostAllocations: Int?

  private let clock = ContinuousClock()
  private let counter = AllocationCounter()
  private var remaining = warmUp
  private var blockBegan: ContinuousClock.Instant?
  private var isReady = false
  private var allocations: Int?

  /// Says that a step is over; at the end of a block it answers, and waits for the next command.
  func stepEnded() -> TrainingDecision {
    count()
    steps += 1
    remaining -= 1
    guard remaining == 0 else { return .goOn }
    if let blockBegan {
      answer("\((clock.now - blockBegan) / .milliseconds(Self.block))")
    } else {
      answer(isReady ? "done" : "ready")
    }
    isReady = true
    let command = (readLine() ?? "end").split(separator: " ")
    blockBegan = nil
    switch command.first {
    case "block": remaining = Self.block
    case "steps": remaining = command.last.flatMap { Int($0) } ?? 1
    default: return .stop
    }
    allocations = counter?.count
    if command.first == "block" { blockBegan = clock.now }
    return .goOn
  }

  private func count() {
    guard let count = counter?.count else { return }
    // What was allocated before the first step's end belongs to making the workspace.
    if let allocations { mostAllocations = max(mostAllocations ?? 0, count - allocations) }
    allocations = counter?.count
  }

  private func answer(_ line: String) {
    print(line)
    fflush(nil)
  }

  func trainingBegins(_ run: TrainingRun) {}
  func stepEnded(_ step: StepSummary) -> TrainingDecision { stepEnded() }
  func trainingEnded(_ result: TrainingResult) {}
}

/// Reads how often this thread has allocated, where `peers/allocations.c` was loaded before the program.
struct AllocationCounter {
  private typealias Count = @convention(c) () -> Int
  private let allocationsOfThisThread: Count

  init?() {
    guard let symbol = dlsym(nil, "allocations_of_this_thread") else { return nil }
    allocationsOfThisThread = unsafeBitCast(symbol, to: Count.self)
  }

  var count: Int { allocationsOfThisThread() }
}
