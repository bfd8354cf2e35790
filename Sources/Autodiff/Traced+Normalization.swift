import Tensors

extension Traced {
  /// Every channel of every sample shifted and scaled to mean 0 and variance 1 over its points: instance normalisation
  /// without affine parameters (Ulyanov, Vedaldi & Lempitsky 2016, arXiv:1607.08022, eq. 3).
  ///
  /// `y = (x − μ)/√(σ² + ε)` with the biased variance σ² over the spatial points, padding included.
  /// - Parameter epsilon: absolute, as published, so it acts only on channels with deviations near its root.
  public func instanceNormalized(epsilon: Double = 1e-5) -> Traced {
    let rows = shape[0] * shape[1]
    let points = shape.dropFirst(2).reduce(1, *)
    let kernels = Scalar.kernels
    let scales = Tensor<Scalar>(shape: [rows]) { out in
      value.withUnsafeBuffer { input in
        guard let x = input.baseAddress else { return }
        Parallel.forEach(rows) { row in
          let start = x + row * points
          let mean = kernels.sum(points, start) / Double(points)
          let variance = max(0, kernels.dot(points, start, start) / Double(points) - mean * mean)
          out[row] = Scalar(1 / (variance + epsilon).squareRoot())
        }
      }
    }
    let result = Tensor<Scalar>(shape: shape) { out in
      value.withUnsafeBuffer { input in
        scales.withUnsafeBuffer { scales in
          guard let x = input.baseAddress, let y = out.baseAddress else { return }
          Parallel.forEach(rows) { row in
            let mean = Scalar(kernels.sum(points, x + row * points) / Double(points))
            kernels.affine(points, x + row * points, scales[row], -mean * scales[row], y + row * points)
          }
        }
      }
    }
    return Self.recorded(result, from: [self]) { cotangent, _ in
      // dx = (c − mean(c) − y·mean(c·y))·scale
      [
        Tensor(shape: cotangent.shape) { out in
          cotangent.withUnsafeBuffer { cotangent in
            result.withUnsafeBuffer { result in
              scales.withUnsafeBuffer { scales in
                guard let c = cotangent.baseAddress, let y = result.baseAddress, let o = out.baseAddress else { return }
                Parallel.forEach(rows) { row in
                  let offset = row * points
                  let mean = Scalar(kernels.sum(points, c + offset) / Double(points))
                  let along = Scalar(kernels.dot(points, c + offset, y + offset) / Double(points))
                  let scale = scales[row]
                  kernels.affine(points, c + offset, scale, -mean * scale, o + offset)
                  kernels.axpby(points, -along * scale, y + offset, 1, o + offset)
                }
              }
            }
          }
        }
      ]
    }
  }
}
