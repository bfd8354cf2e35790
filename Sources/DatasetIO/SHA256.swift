import CCrypto
import Foundation

/// SHA-256 (FIPS 180-4) as 64 lower-case hexadecimal digits.
public enum SHA256 {
  /// The digest of bytes in memory.
  public static func hex(of bytes: UnsafeRawBufferPointer) -> String {
    var digest = [UInt8](repeating: 0, count: 32)
    let status = EVP_Digest(bytes.baseAddress, bytes.count, &digest, nil, EVP_sha256(), nil)
    precondition(status == 1, "libcrypto could not compute SHA-256")
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  /// The digest of an array of bytes.
  public static func hex(of bytes: [UInt8]) -> String { bytes.withUnsafeBytes { hex(of: $0) } }

  /// The digest of a string's UTF-8.
  public static func hex(of text: String) -> String { hex(of: Array(text.utf8)) }

  /// The digest of a file.
  ///
  /// - Throws: `FileError.readFailed`.
  public static func hex(ofFileAt path: String) throws -> String {
    do {
      return try Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped).withUnsafeBytes { hex(of: $0) }
    } catch {
      throw FileError.readFailed(path: path, reason: error.localizedDescription)
    }
  }
}
