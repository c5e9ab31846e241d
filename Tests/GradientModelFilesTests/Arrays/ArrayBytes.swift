import GradientModelFiles
import GzipIO
import Testing

/// The bytes of an IDX file.
func idx(_ type: UInt8, _ shape: [UInt32], _ data: [UInt8]) -> [UInt8] {
  [0, 0, type, UInt8(shape.count)]
    + shape.flatMap { size in
      withUnsafeBytes(of: size.bigEndian) { Array($0) }
    } + data
}

/// The bytes of an NPY file of version 1.0.
func npy(_ header: String, _ data: [UInt8]) -> [UInt8] {
  [0x93] + Array("NUMPY".utf8) + [
    1, 0, UInt8(header.utf8.count & 255), UInt8(header.utf8.count >> 8),
  ]
    + Array(header.utf8) + data
}

/// The header of an NPY file.
func npyHeader(_ type: String, _ shape: String, order: String = "False") -> String {
  "{'descr': '\(type)', 'fortran_order': \(order), 'shape': \(shape), }\n"
}

/// The bytes of a safetensors file.
func safeTensors(_ header: String, _ data: [UInt8] = []) -> [UInt8] {
  withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Array($0) } + Array(header.utf8)
    + data
}

/// The message of the error that `body` throws, without the folder that the file lies in.
func message(in folder: TemporaryFolder, _ body: () throws -> Void) -> String {
  do { try body() } catch let error as InputError {
    return error.description.replacing(folder.path + "/", with: "")
  } catch { return "\(error)" }
  return "no error"
}
