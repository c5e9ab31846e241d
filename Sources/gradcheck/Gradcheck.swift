import ArgumentParser

@main
struct Gradcheck: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gradcheck", abstract: "Are a model's gradients right, and are they healthy?")
}
