import Foundation
import Training

/// Runs a training and tells the user how it goes.
struct TrainingReport {
  let run: TrainingRun
  let quiet: Bool

  init(_ run: TrainingRun, quiet: Bool) {
    self.run = run
    self.quiet = quiet
  }

  func run(resuming: Bool, replacing: Bool) throws {
    let trainer = run.trainer
    var bar: ProgressBar?
    var skipped = 0
    var latest = ""
    let state = try run.run(
      resuming: resuming, replacing: replacing, shouldStop: { Interrupt.isRequested },
      observe: { event in
        switch event {
        case .warning(let text): Terminal.warn(text)
        case .started(let parameters, let steps, let done, let warmStartBytes):
          let settings = trainer.settings
          Terminal.note(
            "\(settings.model.architecture.name): \(parameters) parameters, \(settings.epochs) epochs of "
              + "\(trainer.stepsPerEpoch) steps, into \(run.folder.path)", quiet: quiet)
          if warmStartBytes > 0 {
            Terminal.note(
              "warm start: from the second epoch on, solves begin where the sample's last epoch left them "
                + "(\(warmStartBytes >> 20) MiB of states kept)", quiet: quiet)
          }
          skipped = done
          bar = ProgressBar("step", total: steps, quiet: quiet)
        case .step(let done, let error):
          bar?.update(done, skipped: skipped, detail: "error \(Percent(error))\(latest)")
        case .epoch(let summary, _):
          latest =
            "  epoch \(summary.epoch): train \(Percent(summary.trainError)), validation \(Percent(summary.validationError))"
            + (summary.evaluations > 0 ? ", \(String(format: "%.1f", summary.evaluations)) evaluations" : "")
            + (summary.unconverged > 0 ? ", \(summary.unconverged) not converged" : "")
        }
      })
    bar?.finish()
    let progress = state.progress
    if progress.epochsDone < trainer.settings.epochs {
      Terminal.note(
        "stopped early: no smaller validation error in \(progress.epochsDone - progress.bestEpoch) epochs", quiet: quiet
      )
    }
    let unconverged = progress.history.last?.unconverged ?? 0
    try Terminal.print(
      "\(run.folder.path): \(progress.epochsDone) epochs in \(ProgressBar.duration(progress.history.reduce(0) { $0 + $1.seconds })), "
        + "validation error \(Percent(progress.bestError ?? .nan)) at epoch \(progress.bestEpoch)")
    if unconverged > 0 {
      Terminal.write(
        "Warning: \(unconverged) training samples of the last epoch did not reach the equilibrium tolerance\n")
      throw Outcome.unconverged
    }
  }
}

/// A fraction as a percentage with three digits.
struct Percent: CustomStringConvertible {
  let fraction: Double
  init(_ fraction: Double) { self.fraction = fraction }
  var description: String { fraction.isFinite ? String(format: "%.3g %%", 100 * fraction) : "–" }
}
