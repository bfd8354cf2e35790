import Testing
import Training

@Suite struct RateScheduleTests {
  private func fractions(_ schedule: RateSchedule, _ steps: [Int], errors: [Double] = []) -> [Double] {
    steps.map { schedule.fraction(at: $0, stepsPerEpoch: 10, epochs: 10, after: errors) }
  }

  @Test func theCosineFallsFromThePeakToZero() {
    let values = fractions(RateSchedule(), [0, 25, 50, 100])
    // cos(π/4) = √½.
    let expected = [1, 0.5 * (1 + 0.5.squareRoot()), 0.5, 0]
    #expect(zip(values, expected).allSatisfy { abs($0 - $1) < 1e-15 })
    #expect(values[0] == 1)
  }

  @Test(arguments: RateSchedule.Shape.allCases)
  func everyShapeBeginsAtThePeakBehindALinearRise(_ shape: RateSchedule.Shape) {
    var schedule = RateSchedule()
    (schedule.shape, schedule.rampSteps) = (shape, 4)
    #expect(fractions(schedule, [0, 1, 2, 3, 4]) == [0.25, 0.5, 0.75, 1, 1])
  }

  @Test func theCosineEndsAtZeroBehindARiseToo() {
    var schedule = RateSchedule()
    schedule.rampSteps = 20
    #expect(abs(fractions(schedule, [60])[0] - 0.5) < 1e-15 && fractions(schedule, [100])[0] < 1e-15)
  }

  @Test func stepsFallEveryFifthOfTheRunOrAsTold() {
    var schedule = RateSchedule()
    schedule.shape = .step
    // Two epochs of ten steps.
    #expect(fractions(schedule, [0, 19, 20, 39, 40, 99]) == [1, 1, 0.5, 0.5, 0.25, 0.0625])
    (schedule.interval, schedule.factor) = (3, 0.1)
    #expect(fractions(schedule, [29, 30]) == [1, 0.1])
  }

  @Test func aPlateauIsCountedFromTheLastBestOrTheLastFall() {
    var schedule = RateSchedule()
    (schedule.shape, schedule.interval) = (.plateau, 2)
    let errors: [Double] = [5, 4, 4, 3, 3, 3, 3, 3, 2, 2, 2]
    // Not better in epochs 3, 5 to 8, 10 and 11: falls behind 6, 8 and 11. Equal is not better.
    let expected = [1, 1, 1, 1, 1, 1, 0.5, 0.5, 0.25, 0.25, 0.25, 0.125]
    let found = (0...errors.count).map { fractions(schedule, [500], errors: Array(errors.prefix($0)))[0] }
    #expect(found == expected)
  }
}
