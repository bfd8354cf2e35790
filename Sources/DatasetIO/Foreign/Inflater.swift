import CZlib

/// Inflates a stream of zlib (RFC 1950), a piece at a time.
final class Inflater {
  /// Gives at most so many deflated bytes from a place on; none at the end.
  private let source: (_ place: Int, _ count: Int) throws -> [UInt8]
  // zlib keeps the address of its state, so neither may move.
  private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
  private let input = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 1 << 16)
  private var place = 0
  private var isAtEnd = false

  /// - Throws: `MalformedHeader` where zlib cannot begin.
  init(_ source: @escaping (_ place: Int, _ count: Int) throws -> [UInt8]) throws {
    self.source = source
    stream.initialize(to: z_stream())
    guard pde_zlib_inflate_init(stream) == Z_OK else { throw MalformedHeader(reason: "zlib cannot begin") }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
    input.deallocate()
  }

  /// The next bytes, `count` of them or all that are left.
  ///
  /// - Throws: `MalformedHeader` for a stream that is damaged, has no end, or ends before its bytes do.
  func bytes(_ count: Int) throws -> [UInt8] {
    try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count, !isAtEnd, let base = buffer.baseAddress {
        if stream.pointee.avail_in == 0 { try refill() }
        let room = UInt32(min(count - filled, 1 << 30))
        stream.pointee.next_out = base + filled
        stream.pointee.avail_out = room
        let status = inflate(stream, Z_NO_FLUSH)
        filled += Int(room - stream.pointee.avail_out)
        switch status {
        case Z_OK: break
        case Z_STREAM_END:
          isAtEnd = true
          guard stream.pointee.avail_in == 0, try source(place, 1).isEmpty else {
            throw MalformedHeader(reason: "a compressed variable ends before its bytes do")
          }
        default: throw MalformedHeader(reason: "a compressed variable is not sound, zlib says \(status)")
        }
      }
    }
  }

  private func refill() throws {
    let bytes = try source(place, input.count)
    guard !bytes.isEmpty else { throw MalformedHeader(reason: "it ends within a compressed variable") }
    place += bytes.count
    _ = input.update(fromContentsOf: bytes)
    stream.pointee.next_in = input.baseAddress
    stream.pointee.avail_in = UInt32(bytes.count)
  }
}
