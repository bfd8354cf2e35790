import Foundation
import Synchronization

/// Remembers that the user asked to stop; the handlers only set a flag.
enum Interrupt {
  private static let requests = Atomic<Int>(0)

  /// From now on SIGINT, SIGTERM and SIGUSR1 ask for an orderly end; a second one ends the process at once.
  static func listen() {
    for number in [SIGINT, SIGTERM, SIGUSR1] {
      signal(number) { _ in
        if Interrupt.requests.wrappingAdd(1, ordering: .relaxed).newValue > 1 { _exit(130) }
      }
    }
  }

  static var isRequested: Bool { requests.load(ordering: .relaxed) > 0 }
}
