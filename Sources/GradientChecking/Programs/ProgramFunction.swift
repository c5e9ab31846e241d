public import Backpropagation
import Foundation
import GzipIO

/// The function of a program in any language, which answers requests for its value and its gradient on its standard input
/// and output, as `Documentation/program-protocol.md` says.
///
/// The program runs as long as this object lives, and with it all that it starts.
public final class ProgramFunction: DifferentiableFunction {
  /// The command line, as the shell takes it.
  public let command: String
  /// What the program calls its function, if it says so.
  public let name: String?
  /// The parameters at which the gradient is checked: those that the program starts from.
  public let start: NamedArrays<Double>
  /// How many examples the value is a mean over, if the program says so.
  public let examples: Int?

  private let conversation: ProgramConversation

  /// The longest first line that is read, in bytes.
  private static let longestIntroduction = 1 << 28
  /// The longest answer, for each number of the gradient and besides.
  private static let longestNumber = 64, longestRest = 1 << 16

  /// Starts a program and reads its first line.
  ///
  /// - Parameters:
  ///   - command: The command line, which `/bin/sh` runs.
  ///   - timeout: How long one answer may take.
  ///   - shouldStop: Asked ten times a second, while an answer is awaited, whether to give up.
  /// - Throws: A ``ProgramError`` if the program can't be run or doesn't introduce itself; a `CancellationError` when
  ///   `shouldStop` says so.
  public init(
    command: String, timeout: Duration = .seconds(60), shouldStop: @escaping () -> Bool = { false }
  ) throws {
    conversation = try ProgramConversation(command, timeout: timeout, shouldStop: shouldStop)
    self.command = command
    let line = try conversation.line(answering: nil, limit: Self.longestIntroduction)
    do {
      let introduction = try Introduction(checking: line)
      name = introduction.name
      examples = introduction.examples
      start = try introduction.point()
    } catch { throw conversation.error(error.message) }
  }

  deinit { conversation.end() }

  public func value(at point: NamedArrays<Double>) throws -> Double {
    try ask(.value, at: point, ValueAnswer.self, limit: Self.longestRest).value.value
  }

  public func gradient(at point: NamedArrays<Double>) throws -> NamedArrays<Double> {
    let names = start.parts.reduce(0) { $0 + 8 * $1.name.utf8.count }
    let limit = Self.longestRest + names + Self.longestNumber * start.count
    let answer = try ask(.gradient, at: point, GradientAnswer.self, limit: limit)
    return NamedArrays(
      answer.gradient.sorted { $0.key < $1.key }
        .map { NamedArrays.Part($0.key, $0.value.values) })
  }

  /// An error about the program, with the end of its stderr.
  func error(_ message: String) -> ProgramError { conversation.error(message) }

  private func ask<Answer: Decodable>(
    _ kind: Request.Kind, at point: NamedArrays<Double>, _: Answer.Type, limit: Int
  ) throws -> Answer {
    try ask(request(kind, at: point), Answer.self, limit: limit)
  }

  private func ask<Answer: Decodable>(
    _ request: Request, _: Answer.Type, limit: Int
  ) throws -> Answer {
    let line = try conversation.line(answering: request, limit: limit)
    let data = Data(line), asked = request.kind.rawValue.quoted
    do { return try JSONDecoder().decode(Answer.self, from: data) } catch {
      if let refusal = try? JSONDecoder().decode(ErrorAnswer.self, from: data) {
        throw conversation.error("answered \(asked) with the error \(refusal.error.quoted)")
      }
      let complaint = (error as? DecodingError)?.complaint ?? "expected one JSON object"
      throw conversation.error("answered \(asked) with \(quoted(line)): \(complaint)")
    }
  }

  /// A request that says what differs from the start, and nothing else.
  private func request(
    _ kind: Request.Kind, at point: NamedArrays<Double>, inWhole: Bool = false
  ) -> Request {
    var request = Request(kind: kind)
    for (part, base) in zip(point.parts, start.parts) {
      let changed = part.values.indices.filter {
        part.values[$0].bitPattern != base.values[$0].bitPattern
      }
      guard !changed.isEmpty else { continue }
      if inWhole || changed.count > max(8, part.values.count / 8) {
        request.tensors.append((part.name, part.values))
      } else {
        request.entries += changed.map { (part.name, $0, part.values[$0]) }
      }
    }
    return request
  }
}

extension ProgramFunction {
  /// Finds out whether the program does what its requests say: single numbers as well as whole arrays, and each for one
  /// request only.
  ///
  /// - Throws: A ``ProgramError`` that says what it doesn't do.
  func rehearse(_ trial: FunctionTrial) throws {
    let sizes = trial.gradient.joined().map(abs).filter(\.isFinite)
    guard let largest = sizes.max(), largest > 0 else { return }
    let part = trial.gradient.firstIndex { $0.contains { abs($0) == largest } } ?? 0
    let entry = trial.gradient[part].firstIndex { abs($0) == largest } ?? 0
    var point = start
    let number = start.parts[part].values[entry]
    point.parts[part].values[entry] = number + max(abs(number), 1) / 64
    func value(inWhole: Bool) throws -> Double {
      let request = request(.value, at: point, inWhole: inWhole)
      return try ask(request, ValueAnswer.self, limit: Self.longestRest).value.value
    }
    let byEntry = try value(inWhole: false), byTensor = try value(inWhole: true)
    guard byEntry.bitPattern == byTensor.bitPattern else {
      throw error(
        "its value is \(byEntry) with one number changed in \"entries\", and \(byTensor) with the "
          + "same number changed in \"tensors\"; expected the same value")
    }
    let after = try self.value(at: start)
    guard after.bitPattern == trial.value.bitPattern else {
      throw error(
        "its value at the start was \(trial.value), and after a request with other parameters "
          + "\(after); expected a change to hold for its own request only")
    }
    guard byEntry.bitPattern != after.bitPattern else {
      throw error(
        "its value stays \(after) when the parameter with the largest gradient is changed; "
          + "expected it to follow \"entries\" and \"tensors\"")
    }
  }
}

extension GradientCheck {
  /// Checks the gradients of a program in any language, at the parameters that it starts from.
  ///
  /// - Parameters:
  ///   - program: The program, which is asked in the course of the check.
  ///   - method: The oracles; those of dual numbers can't be asked of a program.
  ///   - exhaustive: Whether every number is asked one by one.
  ///   - seed: The seed of directions and samples.
  /// - Throws: A ``ProgramError``, or a `CancellationError` where the program was told to stop waiting.
  public init(
    of program: ProgramFunction, method: CheckMethod = .automatic, exhaustive: Bool = false,
    seed: UInt64 = 1
  ) throws {
    do {
      let trial = try FunctionTrial(program, at: program.start)
      if trial.obstacle == nil { try program.rehearse(trial) }
      try self.init(
        of: program, trial, cost: .max, examples: program.examples ?? 1, method: method,
        exhaustive: exhaustive, seed: seed)
    } catch let error as FunctionError { throw program.error(error.message) }
  }
}

extension Introduction {
  /// The version of the protocol that is spoken here.
  private static let spoken = 1

  /// Reads a first line; the errors name what was expected.
  fileprivate init(checking line: [UInt8]) throws(FunctionError) {
    let data = Data(line)
    do {
      let head = try JSONDecoder().decode(IntroductionHead.self, from: data)
      guard head.format == "gradient-program" else {
        throw FunctionError(
          "its first line has the format \(head.format.quoted), expected \"gradient-program\"")
      }
      guard head.version == Self.spoken else {
        throw FunctionError(
          "speaks version \(head.version) of the protocol, expected \(Self.spoken)")
      }
      self = try JSONDecoder().decode(Introduction.self, from: data)
    } catch let error as FunctionError {
      throw error
    } catch {
      let complaint = (error as? DecodingError)?.complaint ?? "expected one JSON object"
      throw FunctionError("its first line is \(quoted(line)): \(complaint)")
    }
  }

  /// The parameters that the program starts from.
  fileprivate func point() throws(FunctionError) -> NamedArrays<Double> {
    guard !parameters.isEmpty else { throw FunctionError("its first line names no parameters") }
    guard examples ?? 1 > 0 else {
      throw FunctionError("its first line counts \(examples ?? 0) examples, expected 1 or more")
    }
    var names: Set<String> = []
    for parameter in parameters {
      guard names.insert(parameter.name).inserted else {
        throw FunctionError("its first line has two parameters called \(parameter.name.quoted)")
      }
      let count = parameter.values.values.count, shape = parameter.shape ?? [count]
      guard shape.allSatisfy({ $0 >= 0 }), Shape(shape).count == count else {
        throw FunctionError(
          "its first line gives \(parameter.name.quoted) the shape \(shape) and \(count.grouped) "
            + "values")
      }
    }
    return NamedArrays(
      parameters.map { NamedArrays.Part($0.name, shape: $0.shape, $0.values.values) })
  }
}
