import Foundation

/// The Stokes flow near a corner where the velocity of the walls jumps, in closed form.
///
/// In polar coordinates about the corner, θ = 0 along the horizontal wall and θ = π/2 along the vertical one,
///
///     ψ = r f(θ),  f = A cos θ + B sin θ + C θ cos θ + D θ sin θ,  ∆²ψ = 0,
///
/// with four constants that give the horizontal wall a constant velocity and hold the vertical wall at rest (G. I. Taylor
/// 1962, "On scraping viscous fluid from a plane surface"; Batchelor 1967, section 4.8). Its vorticity grows as 1/r: this is
/// what makes the corners of a lid-driven cavity hard, and subtracting it is what Botella & Peyret (1998) did for the
/// pressure and velocity.
struct CornerFlow: Sendable {
  /// Where the corner is.
  let x: Double
  /// Where the corner is.
  let y: Double
  /// +1 if the domain lies towards larger x, else −1.
  let signX: Double
  /// +1 if the domain lies towards larger y, else −1.
  let signY: Double
  /// What the horizontal wall's velocity has more than the vertical one's.
  let jump: Velocity

  private let linear: (a: Double, b: Double)
  private let angular: (a: Double, b: Double)

  init(x: Double, y: Double, signX: Double, signY: Double, jump: Velocity) {
    self.x = x
    self.y = y
    self.signX = signX
    self.signY = signY
    self.jump = jump
    // With a = r cos θ, b = r sin θ the distances from the corner: ψ = A a + B b + θ (C a + D b).
    // f(0) = A = ψ_a and f′(0) = B + C = ψ_b on the horizontal wall; f(π/2) = B + Dπ/2 = 0 and f′(π/2) = −A − Cπ/2 + D = 0.
    let quarter = Double.pi / 2
    let (alongA, alongB) = (-signX * jump.v, signY * jump.u)
    let c = (alongB + quarter * alongA) / (1 - quarter * quarter)
    let d = alongA + quarter * c
    linear = (alongA, -quarter * d)
    angular = (c, d)
  }

  /// ψ and its derivatives at a point; at the corner itself those of the resting vertical wall, without second derivatives.
  func jet(x: Double, y: Double) -> StreamFunctionJet {
    let (a, b) = (signX * (x - self.x), signY * (y - self.y))
    let square = a * a + b * b
    guard square > 0 else { return StreamFunctionJet() }
    let angle = atan2(b, a)
    let (angleA, angleB) = (-b / square, a / square)
    let weight = angular.a * a + angular.b * b
    let cross = signX * signY
    return StreamFunctionJet(
      value: linear.a * a + linear.b * b + angle * weight,
      x: signX * (linear.a + angleA * weight + angle * angular.a),
      y: signY * (linear.b + angleB * weight + angle * angular.b),
      xx: 2 * angleA * angular.a - 2 * angleA * angleB * weight,
      xy: cross * (angleA * angular.b + angleB * angular.a + (angleA * angleA - angleB * angleB) * weight),
      yy: 2 * angleB * angular.b + 2 * angleA * angleB * weight)
  }
}
