#include "internal.h"

/* Macros, since a function outside the clones cannot take a vector. */
#define LOAD(p) (*(const f64x8 *)(p))
#define FOLD(v) (((v[0] + v[4]) + (v[2] + v[6])) + ((v[1] + v[5]) + (v[3] + v[7])))

/* Fluxes out of the points at w, s, u: only differences of u enter, so constants are mapped without rounding. */
#define FLUXES(LOAD, w, s, u)                                                                                         \
  ((LOAD(w) * (LOAD(u) - LOAD((u) - 1)) + LOAD((w) + 1) * (LOAD(u) - LOAD((u) + 1))) +                                \
   (LOAD(s) * (LOAD(u) - LOAD((u) - stride)) + LOAD((s) + stride) * (LOAD(u) - LOAD((u) + stride))))
#define SCALAR(p) (*(p))

CK_CLONES double ck_fivepoint_apply(long columns, long stride, long first, long last, const double *west,
                                    const double *south, const double *x, double *y) {
  f64x8 sum = {0};
  for (long i = first; i < last; i++) {
    const long row = i * stride;
    long j = 0;
    for (; j < columns; j += 8) {
      f64x8 a = FLUXES(LOAD, west + row + j, south + row + j, x + row + j);
      sum += a * LOAD(x + row + j);
      *(f64x8 *)(y + row + j) = a;
    }
    for (long pad = columns; pad < j; pad++) y[row + pad] = 0;
  }
  return FOLD(sum);
}

CK_CLONES double ck_fivepoint_residual(long columns, long stride, long first, long last, const double *west,
                                       const double *south, const double *b, const double *x, double *r) {
  double total = 0;
  for (long i = first; i < last; i++) {
    const long row = i * stride;
    f64x8 sum = {0};
    long j = 0;
    for (; j + 8 <= columns; j += 8) {
      f64x8 e = LOAD(b + row + j) - FLUXES(LOAD, west + row + j, south + row + j, x + row + j);
      sum += e * e;
      *(f64x8 *)(r + row + j) = e;
    }
    total += FOLD(sum);
    for (; j < columns; j++) {
      double e = b[row + j] - FLUXES(SCALAR, west + row + j, south + row + j, x + row + j);
      total += e * e;
      r[row + j] = e;
    }
  }
  return total;
}
