import Foundation
import Synchronization

/// Remembers that somebody asked to stop; the handlers only set a flag.
enum Interrupt {
  private static let requests = Atomic<Int>(0)
  private static let keystrokes = Atomic<Int>(0)

  /// From now on SIGINT, SIGTERM and SIGUSR1 ask for an orderly end; a second SIGINT ends the process at once.
  ///
  /// Batch systems send the other two, often several of them in turn: those never cost what is being saved.
  static func listen() {
    for number in [SIGINT, SIGTERM, SIGUSR1] {
      signal(number) { received in
        Interrupt.requests.wrappingAdd(1, ordering: .relaxed)
        guard received == SIGINT else { return }
        if Interrupt.keystrokes.wrappingAdd(1, ordering: .relaxed).newValue > 1 { _exit(130) }
      }
    }
  }

  static var isRequested: Bool { requests.load(ordering: .relaxed) > 0 }
}
