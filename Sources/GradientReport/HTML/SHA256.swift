import Foundation

/// The secure hash of 256 bits (FIPS 180-4), by which a page's content policy names the script and style that may run.
package enum SHA256 {
  /// The first 32 bits of the fractional parts of the cube roots of the first 64 primes.
  private static let constants = primes.map { fraction(cbrt(Double($0))) }
  /// The same of the square roots of the first 8.
  private static let start = primes.prefix(8).map { fraction(Double($0).squareRoot()) }

  /// The hash of `bytes`, 32 bytes.
  package static func hash(_ bytes: [UInt8]) -> [UInt8] {
    var state = start
    let message = padded(bytes)
    for block in stride(from: 0, to: message.count, by: 64) {
      mix(message[block..<block + 64], into: &state)
    }
    return state.flatMap(bigEndian)
  }

  /// The message, a one bit, zeros, and the message's length in bits, in whole blocks of 64 bytes.
  private static func padded(_ bytes: [UInt8]) -> [UInt8] {
    let zeros = (119 - bytes.count % 64) % 64
    return bytes + [0x80] + [UInt8](repeating: 0, count: zeros) + bigEndian(UInt64(bytes.count) * 8)
  }

  private static func mix(_ block: ArraySlice<UInt8>, into state: inout [UInt32]) {
    var words = stride(from: block.startIndex, to: block.endIndex, by: 4).map { index in
      block[index..<index + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    }
    for index in 16..<64 {
      let (a, b) = (words[index - 15], words[index - 2])
      let low = turned(a, 7) ^ turned(a, 18) ^ a >> 3
      let high = turned(b, 17) ^ turned(b, 19) ^ b >> 10
      words.append(words[index - 16] &+ low &+ words[index - 7] &+ high)
    }
    var s = state
    for index in 0..<64 {
      let (a, b, c, e) = (s[0], s[1], s[2], s[4])
      let choice: UInt32 = (e & s[5]) ^ (~e & s[6])
      let majority: UInt32 = (a & b) ^ (a & c) ^ (b & c)
      let turnedE = turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)
      let turnedA = turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)
      let first = s[7] &+ turnedE &+ choice &+ constants[index] &+ words[index]
      s = [first &+ turnedA &+ majority, a, b, c, s[3] &+ first, e, s[5], s[6]]
    }
    for index in state.indices { state[index] &+= s[index] }
  }

  private static func turned(_ word: UInt32, _ bits: UInt32) -> UInt32 {
    word >> bits | word << (32 - bits)
  }

  private static func bigEndian(_ number: some FixedWidthInteger) -> [UInt8] {
    stride(from: number.bitWidth - 8, through: 0, by: -8).map {
      UInt8(truncatingIfNeeded: number >> $0)
    }
  }

  private static func fraction(_ root: Double) -> UInt32 {
    UInt32((root - root.rounded(.down)) * 0x1p32)
  }

  private static let primes = (2...311).filter { number in
    (2..<number).allSatisfy { number % $0 != 0 }
  }
}
