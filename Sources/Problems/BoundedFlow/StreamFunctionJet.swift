/// A stream function with its derivatives up to second order at one point, and the flow they mean.
///
/// `u = ∂ψ/∂y`, `v = −∂ψ/∂x`, `ω = ∂v/∂x − ∂u/∂y = −∆ψ`.
struct StreamFunctionJet: Sendable {
  var value = 0.0
  var x = 0.0
  var y = 0.0
  var xx = 0.0
  var xy = 0.0
  var yy = 0.0

  var velocity: Velocity { Velocity(u: y, v: -x) }
  var vorticity: Double { -(xx + yy) }

  static func + (left: StreamFunctionJet, right: StreamFunctionJet) -> StreamFunctionJet {
    StreamFunctionJet(
      value: left.value + right.value, x: left.x + right.x, y: left.y + right.y, xx: left.xx + right.xx,
      xy: left.xy + right.xy, yy: left.yy + right.yy)
  }
}
