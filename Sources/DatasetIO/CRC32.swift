/// Checksums of 32 bits by a reflected polynomial.
enum CRC32 {
  /// Which polynomial divides.
  enum Polynomial {
    /// 0xEDB88320 (ISO 3309), of zip entries.
    case zip
    /// 0x82F63B78 (Castagnoli; RFC 3720, appendix B.4), of TensorFlow's records.
    case castagnoli
  }

  private static let zip = table(0xEDB8_8320)
  private static let castagnoli = table(0x82F6_3B78)

  private static func table(_ polynomial: UInt32) -> [UInt32] {
    (0..<256).map { byte in
      (0..<8).reduce(UInt32(byte)) { value, _ in value & 1 == 1 ? polynomial ^ (value >> 1) : value >> 1 }
    }
  }

  static func checksum(_ bytes: [UInt8], _ polynomial: Polynomial = .zip) -> UInt32 {
    (polynomial == .zip ? zip : castagnoli).withUnsafeBufferPointer { table in
      // Every index is a byte, the table has 256 entries.
      ~bytes.reduce(~UInt32(0)) { table[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] ^ ($0 >> 8) }
    }
  }
}
