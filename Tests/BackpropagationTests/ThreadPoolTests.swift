import CGradientKernels
import Synchronization
import Testing

/// The pool's threads are the process's, so each test that sets their number has a process of its own.
struct ThreadPoolTests {
  @Test func everyIndexIsVisitedOnce() async {
    await #expect(processExitsWith: .success) {
      for threads in 1...5 {
        gk_set_threads(Int32(threads))
        for count in [0, 1, 2, 7, 1000] {
          for grain in [1, 3, 600] {
            let visits = Visits(count)
            gk_parallel(count, grain, Visits.visit, visits.pointer)
            precondition(visits.counts.allSatisfy { $0 == 1 })
          }
        }
      }
    }
  }

  @Test func rangesAreFixedAndAtLeastAGrainLong() async {
    await #expect(processExitsWith: .success) {
      gk_set_threads(4)
      for (count, grain, expected) in [(100, 1, 4), (100, 30, 3), (100, 51, 1), (3, 1, 3)] {
        for _ in 0..<100 {
          let starts = Visits(count)
          gk_parallel(
            count, grain,
            { context, begin, end in
              guard begin < end else { return }
              Visits.visit(context, begin, begin + 1)
            }, starts.pointer)
          precondition(starts.counts.reduce(0, +) == expected)
          for part in 0..<expected { precondition(starts.counts[count * part / expected] == 1) }
        }
      }
    }
  }

  @Test func callsWithinATaskAndFromSeveralThreadsRun() async {
    await #expect(processExitsWith: .success) {
      gk_set_threads(3)
      await withTaskGroup { group in
        for _ in 0..<4 {
          group.addTask {
            for _ in 0..<200 {
              let visits = Visits(50)
              gk_parallel(
                3, 1,
                { context, begin, end in
                  for _ in begin..<end { gk_parallel(50, 1, Visits.visit, context) }
                }, visits.pointer)
              precondition(visits.counts.allSatisfy { $0 == 3 })
            }
          }
        }
      }
    }
  }

  /// The parts are fixed, so the last digit is too.
  @Test func aProductIsTheSameEachTime() async {
    await #expect(processExitsWith: .success) {
      gk_set_threads(2)
      let a = (0..<300 * 200).map { Float($0 % 17) - 8.1 }
      let b = (0..<200 * 70).map { Float($0 % 13) - 6.3 }
      var first: [Float] = []
      for _ in 0..<50 {
        var c = [Float](repeating: 0, count: 300 * 70)
        gk_product_f32(0, 0, 300, 70, 200, 1, a, b, 0, &c)
        if first.isEmpty { first = c }
        precondition(c == first)
      }
    }
  }
}

/// How often each index was visited, counted without a race: by an atomic addition per index.
private final class Visits {
  private let memory: UnsafeMutablePointer<Int32>
  private let count: Int

  init(_ count: Int) {
    self.count = count
    memory = .allocate(capacity: count + 1)
    memory.initialize(repeating: 0, count: count + 1)
  }

  deinit { memory.deallocate() }

  var pointer: UnsafeMutableRawPointer { UnsafeMutableRawPointer(memory) }
  var counts: [Int32] { Array(UnsafeBufferPointer(start: memory, count: count)) }

  static let visit: @convention(c) (UnsafeMutableRawPointer?, Int, Int) -> Void = {
    context, begin, end in
    guard let counts = context?.assumingMemoryBound(to: Atomic<Int32>.self) else { return }
    for index in begin..<end { counts[index].add(1, ordering: .relaxed) }
  }
}
