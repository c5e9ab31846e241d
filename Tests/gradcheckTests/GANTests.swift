import Foundation
import GradientHealth
import Testing

/// Two networks in one program, with a trace each.
@Suite struct GANTests {
  @Test func eachNetworkHasATraceOfItsOwn() throws {
    let command = try Command()
    defer { command.clean() }
    let result = try command.shell("ln -s \"$package/Examples\" . && \"$products/gan\"")
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.contains("Generator, 400 steps"))
    #expect(result.output.contains("Discriminator, 400 steps"))
    func steps(_ name: String) throws -> [StepRecord] {
      var steps: [StepRecord] = []
      try Trace(contentsOf: command.folder.appending(path: name).path)
        .forEachStep { steps.append($0) }
      return steps
    }
    let generator = try steps("generator.gradtrace")
    let discriminator = try steps("discriminator.gradtrace")
    // The pass for the generator's step covers 32 examples; it must not be among the discriminator's steps of 64.
    #expect(generator.map(\.examples) == [Int?](repeating: 32, count: 400))
    #expect(discriminator.map(\.examples) == [Int?](repeating: 64, count: 400))
    // The discriminator tells what the untrained generator draws from digits; both have gradients to the end.
    let losses = discriminator.prefix(200).compactMap(\.loss)
    let means = (0...losses.count - 25).map { losses[$0..<$0 + 25].reduce(0, +) / 25 }
    #expect(try #require(means.min()) < 0.6)
    for step in generator + discriminator {
      for weight in step.layers.compactMap({ $0?.parameters.first ?? nil }) {
        #expect((weight.gradientRMS ?? 0) > 0)
      }
    }
  }
}
