import TestSupport
import Tensors
import Testing

@Suite(.serialized) struct TensorTests {
  @Test func aCopyIsIndependentOfItsOriginal() {
    let original = Tensor<Double>(shape: [3], elements: [1, 2, 3])
    var copy = original.reshaped(to: [3, 1])
    copy[1, 0] = 9
    #expect(original.elements == [1, 2, 3] && copy.elements == [1, 9, 3])
  }

  @Test func scatteringUndoesGathering() {
    let field: Tensor<Float> = randomTensor([6, 2, 3])
    var rebuilt = Tensor<Float>.zeros(field.shape)
    for rows in [[4, 0, 2], [1, 5, 3]] { rebuilt.scatter(field.gathering(samples: rows), toSamples: rows) }
    #expect(rebuilt.elements == field.elements)
  }

  /// ⟨resize u, v⟩ = ⟨u, resize v⟩: growing by zeros and cutting are transposes of each other.
  @Test(arguments: [([5], [8]), ([4, 6], [7, 3]), ([3, 4, 5], [5, 4, 2])])
  func resizingIsItsOwnTranspose(from: [Int], to: [Int]) {
    let u: Tensor<Double> = randomTensor([2, 3] + from, stream: 1)
    let v: Tensor<Double> = randomTensor([2, 3] + to, stream: 2)
    #expect(abs(u.resized(to: to).dot(v) - u.dot(v.resized(to: from))) < 1e-13 * u.norm * v.norm)
  }

  @Test func resizingKeepsEveryPointInItsPlace() {
    let field = Tensor<Double>(shape: [1, 1, 2, 3], elements: [1, 2, 3, 4, 5, 6])
    #expect(field.resized(to: [3, 4]).elements == [1, 2, 3, 0, 4, 5, 6, 0, 0, 0, 0, 0])
    #expect(field.resized(to: [1, 2]).elements == [1, 2])
  }

  @Test func channelsThatAreCutAndPlacedMakeTheWholeAgain() {
    let field: Tensor<Double> = randomTensor([2, 5, 3, 2])
    let parts = [0..<1, 1..<4, 4..<5]
    #expect(Tensor(concatenatingChannels: parts.map { field.channels($0) }).elements == field.elements)
    let sum = parts.reduce(Tensor<Double>.zeros(field.shape)) {
      $0 + field.channels($1).placedInChannels($1, of: field.shape)
    }
    #expect(sum.elements == field.elements)
  }

  /// Large enough for many chunks; the sum is not associative, so its shape must not follow the threads.
  @Test func theNumberOfThreadsChangesNoBit() {
    let threads = Parallel.threads
    defer { Parallel.threads = threads }
    let field: Tensor<Float> = randomTensor([300_000])
    let results = [1, 2, 3, 8].map { count -> ([Float], Double) in
      Parallel.threads = count
      return ((field * field + field).mapped(Float.kernels.gelu).elements, field.sum())
    }
    for result in results { #expect(result.0 == results[0].0 && result.1 == results[0].1) }
  }

  @Test func everyIndexRunsOnceAlsoWhenLoopsAreNested() {
    let threads = Parallel.threads
    defer { Parallel.threads = threads }
    Parallel.threads = 4
    for count in [1, 2, 7, 1000] {
      let hits = Tensor<Double>(shape: [count, 3]) { out in
        out.initialize(repeating: 0)
        Parallel.forEach(count) { i in Parallel.forEach(3) { j in out[3 * i + j] += Double(i + j) } }
      }
      for i in 0..<count { for j in 0..<3 { #expect(hits[i, j] == Double(i + j)) } }
    }
  }
}
