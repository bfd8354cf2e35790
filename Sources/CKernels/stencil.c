#include "internal.h"

/* Macros, since a function outside the clones cannot take a vector. */
#define LOAD(p) (*(const f64x8 *)(p))
#define FOLD(v) (((v[0] + v[4]) + (v[2] + v[6])) + ((v[1] + v[5]) + (v[3] + v[7])))

/* Fluxes out of the points at w, s, u: only differences of u enter, so constants are mapped without rounding. */
#define FLUXES(LOAD, w, s, u)                                                                                         \
  ((LOAD(w) * (LOAD(u) - LOAD((u) - 1)) + LOAD((w) + 1) * (LOAD(u) - LOAD((u) + 1))) +                                \
   (LOAD(s) * (LOAD(u) - LOAD((u) - stride)) + LOAD((s) + stride) * (LOAD(u) - LOAD((u) + stride))))
#define SCALAR(p) (*(p))

CK_CLONES double ck_fivepoint_residual(long columns, long stride, long first, long last, const double *west,
                                       const double *south, const double *ground, const double *b, long bStride,
                                       const double *x, double *r) {
  double total = 0;
  for (long i = first; i < last; i++) {
    const long row = i * stride;
    const double *right = b + i * bStride;
    f64x8 sum = {0};
    long j = 0;
    for (; j + 8 <= columns; j += 8) {
      f64x8 e = LOAD(right + j) - FLUXES(LOAD, west + row + j, south + row + j, x + row + j);
      if (ground) e -= LOAD(ground + row + j) * LOAD(x + row + j);
      sum += e * e;
      *(f64x8 *)(r + row + j) = e;
    }
    total += FOLD(sum);
    for (; j < columns; j++) {
      double e = right[j] - FLUXES(SCALAR, west + row + j, south + row + j, x + row + j);
      if (ground) e -= ground[row + j] * x[row + j];
      total += e * e;
      r[row + j] = e;
    }
  }
  return total;
}

CK_CLONES void ck_fivepoint_range(long columns, long stride, long first, long last, const double *west,
                                  const double *south, double *least, double *largest) {
  double low[8], high[8];
  for (int l = 0; l < 8; l++) low[l] = __builtin_inf(), high[l] = 0;
  for (long i = first; i < last; i++) {
    const double *rows[2] = {west + i * stride, south + i * stride};
    for (int m = 0; m < 2; m++)
      /* The elements up to the next multiple of 8 are faces or zeros. */
      for (long j = 0; j <= columns; j += 8)
        for (int l = 0; l < 8; l++) {
          const double k = rows[m][j + l];
          high[l] = k > high[l] ? k : high[l];
          low[l] = k > 0 && k < low[l] ? k : low[l];
        }
  }
  for (int l = 1; l < 8; l++) {
    low[0] = low[l] < low[0] ? low[l] : low[0];
    high[0] = high[l] > high[0] ? high[l] : high[0];
  }
  *least = low[0];
  *largest = high[0];
}
