import Testing

@testable import Backpropagation

struct BufferPlanTests {
  private typealias Buffer = BufferPlan.Buffer

  @Test func buffersOfOneTimeLieApartAndOthersShare() {
    let plan = BufferPlan([
      Buffer(count: 100, uses: [0...1]), Buffer(count: 31, uses: nil),
      Buffer(count: 47, uses: [1...2]), Buffer(count: 90, uses: [2...3]),
      Buffer(count: 40, uses: [3...3]),
    ])
    // Rooms end on a cache line, with at least one number to spare: 112, 32, 48, 96, 48.
    #expect(plan.offsets == [32, 0, 144, 32, 128])
    #expect(plan.size == 192)
  }

  @Test func aGapIsFilled() {
    let plan = BufferPlan([
      Buffer(count: 50, uses: [0...0, 9...9]), Buffer(count: 40, uses: [0...4]),
      Buffer(count: 30, uses: [1...2]), Buffer(count: 20, uses: []),
    ])
    #expect(plan.offsets == [0, 64, 0, 0])
    #expect(plan.size == 112)
  }

  @Test func noPlanLetsTwoBuffersCollide() {
    var source = RandomSource(seed: 1, stream: "buffers")
    for _ in 0..<200 {
      let buffers = (0..<30).map { _ in
        let start = source.below(20)
        return Buffer(
          count: source.below(500),
          uses: source.below(8) == 0 ? nil : [start...start + source.below(6)])
      }
      let plan = BufferPlan(buffers)
      var sharing = 0
      for (index, a) in buffers.enumerated() {
        #expect(plan.offsets[index].isMultiple(of: 16))
        #expect(plan.offsets[index] + a.count <= plan.size)
        for (other, b) in buffers.enumerated() where other < index {
          let together =
            plan.offsets[index] < plan.offsets[other] + b.count
            && plan.offsets[other] < plan.offsets[index] + a.count
          let atOneTime =
            a.uses == nil || b.uses == nil
            || a.uses?.contains { use in b.uses?.contains { $0.overlaps(use) } == true } == true
          #expect(!together || !atOneTime)
          sharing += together ? 1 : 0
        }
      }
      #expect(sharing > 0)
    }
  }
}
