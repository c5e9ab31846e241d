extension UnitWindow {
  /// A unit's last active step where it never was active.
  static let never = -1

  /// What stands in the file for a unit's last active step: 0 for never, else 1 + the zigzag of the steps since, which is
  /// small and not negative unless a log is odd.
  static func code(lastActive last: Int, at step: Int) -> UInt64 {
    last == never ? 0 : 1 + UInt64(bitPattern: zigzag(Int64(step - last)))
  }

  /// The counts of a BLOB, or nil if it is damaged.
  static func decode(activeCounts bytes: UnsafeRawBufferPointer) -> [UInt32]? {
    NumberList.decodeVarints(bytes)?.mapUnlessNil { UInt32(exactly: $0) }
  }

  /// The last active steps of a BLOB that was written at `step`, or nil if it is damaged.
  static func decode(lastActive bytes: UnsafeRawBufferPointer, at step: Int) -> [Int?]? {
    NumberList.decodeVarints(bytes)?.map { number in
      number == 0 ? nil : Int(Int64(step) &- unzigzag(Int64(bitPattern: number - 1)))
    }
  }

  /// The means of a BLOB, or nil if it is damaged.
  static func decode(deltaMeans bytes: UnsafeRawBufferPointer) -> [Float]? {
    NumberList.decode(bytes, as: .float32)?.map { Float($0) }
  }

  private static func zigzag(_ value: Int64) -> Int64 { (value << 1) ^ (value >> 63) }

  private static func unzigzag(_ value: Int64) -> Int64 {
    Int64(bitPattern: UInt64(bitPattern: value) >> 1) ^ -(value & 1)
  }
}
