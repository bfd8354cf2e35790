#include "internal.h"

#include <string.h>

#include "multigrid.h"

#define T float
#define S f32
#include "multigrid_setup.inc"
#include "multigrid_cycle.inc"
#undef T
#undef S

#define T double
#define S f64
#include "multigrid_setup.inc"
#include "multigrid_cycle.inc"
#undef T
#undef S

/* MARK: The reduced system, in double */

/* Three black rows in turn. */
#define BLACK(i) SCRATCH(exact->half, ((i) + 3) % 3)

CK_CLONES double ck_redblack_apply(double *base, const ck_redblack *exact, long first, long last, const double *p, double *q,
                                   double *scratch) {
  const long half = exact->half;
  double total = 0;
  for (long i = first - 1; i <= last; i++) {
    const double *x = p + i * half;
    if (i < 0 || i >= exact->rows)
      memset(BLACK(i), 0, sizeof(double) * exact->width);
    else
      blackRow_f64(base, exact, i, x - half, x, x + half, BLACK(i));
    if (i <= first) continue;
    const double *here = p + (i - 1) * half;
    double *out = q + (i - 1) * half;
    redRow_f64(base, exact, i - 1, BLACK(i - 2), BLACK(i - 1), BLACK(i), out);
    double lanes[8] = {0};
    for (long k = 0; k < exact->width; k += 8)
#pragma clang loop vectorize(assume_safety)
      for (int l = 0; l < 8; l++) {
        out[k + l] = here[k + l] - out[k + l];
        lanes[l] += here[k + l] * out[k + l];
      }
    total += ((lanes[0] + lanes[4]) + (lanes[2] + lanes[6])) + ((lanes[1] + lanes[5]) + (lanes[3] + lanes[7]));
  }
  return total;
}

CK_CLONES void ck_redblack_reduce(double *base, const ck_redblack *exact, long stride, const double *b, double unit,
                                    const double *red, const double *black, long first, long last, double *r,
                                    double *scratch) {
  const long half = exact->half, columns = exact->columns;
  for (long i = first - 1; i <= last; i++) {
    double *own = BLACK(i);
    memset(own, 0, sizeof(double) * exact->width);
    if (i >= 0 && i < exact->rows) {
      const double *scale = black + i * half, *right = b + i * stride + 1 - (i & 1);
      for (long k = 0; k < (columns + (i & 1)) / 2; k++) own[k] = unit * scale[k] * right[2 * k];
    }
    if (i <= first) continue;
    const long row = i - 1;
    const double *scale = red + row * half, *right = b + row * stride + (row & 1);
    double *out = r + row * half;
    redRow_f64(base, exact, row, BLACK(i - 2), BLACK(i - 1), BLACK(i), out);
    for (long k = 0; k < (columns + 1 - (row & 1)) / 2; k++) {
      out[k] += unit * scale[k] * right[2 * k];
    }
  }
}

CK_CLONES void ck_redblack_expand(double *base, const ck_redblack *exact, long stride, const double *b, double unit,
                                  const double *red, const double *black, long first, long last, const double *x,
                                  double *u, long uStride) {
  const long half = exact->half, columns = exact->columns;
  for (long i = first; i < last; i++) {
    const long at = i * half, shift = i & 1;
    const double *w = base + exact->west + at, *e = base + exact->east + at, *s = base + exact->south + at, *n = base + exact->north + at;
    const double *here = x + at - shift, *down = x + at - half, *up = x + at + half;
    const double *right = b + i * stride + 1 - shift;
    double *blackOut = u + i * uStride + 1 - shift, *redOut = u + i * uStride + shift;
    for (long k = 0; k < (columns + shift) / 2; k++) {
      const double scale = black[at + k];
      const double neighbours = (w[k] * here[k] + e[k] * here[k + 1]) + (s[k] * down[k] + n[k] * up[k]);
      blackOut[2 * k] += scale * (unit * scale * right[2 * k] + neighbours);
    }
    for (long k = 0; k < (columns + 1 - shift) / 2; k++) redOut[2 * k] += red[at + k] * x[at + k];
  }
}
