#include "internal.h"

/* MARK: The reduced system */

/* The diagonal at an unknown of the operator. */
CK_INLINE double diagonal(const ck_algebraic_grid *grid, long at) {
  const double *w = grid->west + at, *s = grid->south + at;
  return grid->unit * (w[0] + w[1] + s[0] + s[grid->stride] + (grid->ground ? grid->ground[at] : 0));
}

CK_CLONES void ck_algebraic_roots(const ck_algebraic_grid *grid, long first, long last) {
  for (long i = first; i < last; i++) {
    double *even = (i & 1 ? grid->black : grid->red) + i * grid->half, *odd = (i & 1 ? grid->red : grid->black) + i * grid->half;
    const long at = i * grid->stride;
    for (long k = 0; k < (grid->columns + 1) / 2; k++) even[k] = 1 / __builtin_elementwise_sqrt(diagonal(grid, at + 2 * k));
    for (long k = 0; k < grid->columns / 2; k++) odd[k] = 1 / __builtin_elementwise_sqrt(diagonal(grid, at + 2 * k + 1));
  }
}

CK_CLONES void ck_algebraic_scaled(const ck_algebraic_grid *grid, long first, long last, double *west, double *east,
                                   double *south, double *north) {
  for (long i = first; i < last; i++) {
    const long at = i * grid->half, shift = i & 1;
    /* Black points lie on column 2k + 1 - shift. */
    const double *w = grid->west + i * grid->stride + 1 - shift, *s = grid->south + i * grid->stride + 1 - shift;
    const double *n = s + grid->stride;
    const double *b = grid->black + at, *r = grid->red + at - shift, *d = grid->red + at - grid->half, *u = grid->red + at + grid->half;
    for (long k = 0; k < (grid->columns + shift) / 2; k++) {
      const double own = grid->unit * b[k];
      west[at + k] = own * w[2 * k] * r[k];
      east[at + k] = own * w[2 * k + 1] * r[k + 1];
      south[at + k] = own * s[2 * k] * d[k];
      north[at + k] = own * n[2 * k] * u[k];
    }
  }
}

/* The red points around a red one in the order of rows. */
static const int neighbourRow[8] = {-2, -1, -1, 0, 0, 1, 1, 2}, neighbourColumn[8] = {0, -1, 1, -2, 2, -1, 1, 0};

/* Eliminates the black neighbours of the unknown (i, j); returns the sum of its row. */
CK_INLINE double eliminate(const ck_algebraic_grid *grid, long i, long j, double *couplings) {
  /* West, east, south, north: the black point, the face to it, and the neighbour that lies behind its own four faces. */
  static const int row[4] = {0, 0, -1, 1}, column[4] = {-1, 1, 0, 0};
  static const int behind[4][4] = {{3, -1, 1, 5}, {-1, 4, 2, 6}, {1, 2, 0, -1}, {5, 6, -1, 7}};
  const long stride = grid->stride, at = i * stride + j;
  for (int m = 0; m < 8; m++) couplings[m] = 0;
  double sum = grid->ground ? grid->unit * grid->ground[at] : 0;
  for (int side = 0; side < 4; side++) {
    const long y = i + row[side], x = j + column[side], to = y * stride + x;
    const double face = grid->unit * (side == 0   ? grid->west[at]
                                      : side == 1 ? grid->west[at + 1]
                                      : side == 2 ? grid->south[at]
                                                  : grid->south[at + stride]);
    if (y < 0 || y >= grid->rows || x < 0 || x >= grid->columns) {
      sum += face;
      continue;
    }
    if (face == 0) continue;
    const double root = grid->black[y * grid->half + x / 2], part = face * root * root;
    const double faces[4] = {grid->west[to], grid->west[to + 1], grid->south[to], grid->south[to + stride]};
    if (grid->ground) sum += part * (grid->unit * grid->ground[to]);
    for (int other = 0; other < 4; other++) {
      const int m = behind[side][other];
      if (m < 0) continue;
      const long q = y + row[other], p = x + column[other];
      const double conductance = part * (grid->unit * faces[other]);
      if (q < 0 || q >= grid->rows || p < 0 || p >= grid->columns)
        sum += conductance;
      else
        couplings[m] += conductance;
    }
  }
  return sum;
}

/* The number of a red point, from its row and column counted from the first point on; -1 outside. A ring has margins. */
CK_INLINE long redNumber(const ck_algebraic_grid *grid, long row, long column) {
  if (row < 0 || row >= grid->ringRows) {
    if (grid->firstRow == 0) return -1;
    row += row < 0 ? grid->ringRows : -grid->ringRows;
  }
  if (column < 0 || column >= grid->ringColumns) {
    if (grid->firstColumn == 0) return -1;
    column += column < 0 ? grid->ringColumns : -grid->ringColumns;
  }
  return grid->rowStart[row] + column / 2;
}

void ck_algebraic_schur_count(const ck_algebraic_grid *grid, long first, long last, int32_t *start) {
  for (long row = first; row < last; row++)
    for (long column = row & 1; column < grid->ringColumns; column += 2) {
      int length = 0;
      for (int m = 0; m < 8; m++) length += redNumber(grid, row + neighbourRow[m], column + neighbourColumn[m]) >= 0;
      start[redNumber(grid, row, column) + 1] = length;
    }
}

CK_CLONES void ck_algebraic_schur(const ck_algebraic_grid *grid, long first, long last, const ck_algebraic_level *level,
                                  const ck_algebraic_setup *setup) {
  for (long row = first; row < last; row++)
    for (long column = row & 1; column < grid->ringColumns; column += 2) {
      double couplings[8];
      long numbers[8];
      const long i = redNumber(grid, row, column);
      setup->sums[i] = eliminate(grid, grid->firstRow + row, grid->firstColumn + column, couplings);
      for (int m = 0; m < 8; m++) numbers[m] = redNumber(grid, row + neighbourRow[m], column + neighbourColumn[m]);
      int32_t entry = level->start[i];
      for (int upper = 0; upper < 2; upper++) {
        for (int m = 0; m < 8; m++) {
          if (numbers[m] < 0 || (numbers[m] > i) != upper) continue;
          level->columns[entry] = (int32_t)numbers[m];
          setup->couplings[entry++] = couplings[m];
        }
        if (!upper) level->middle[i] = entry;
      }
    }
}

CK_CLONES double ck_algebraic_update(const ck_algebraic_grid *grid, long first, long last, double step, const double *p,
                                     const double *q, double *x, double *r, double scale, double *right) {
  double total = 0;
  for (long i = first; i < last; i++) {
    const long at = i * grid->half, row = i - grid->firstRow, margin = grid->firstColumn / 2;
#pragma clang loop vectorize(assume_safety)
    for (long k = 0; k < grid->half; k++) {
      x[at + k] += step * p[at + k];
      r[at + k] -= step * q[at + k];
    }
    if (row < 0 || row >= grid->ringRows) continue;
    const double *rest = r + at + margin, *root = grid->red + at + margin;
    double *out = right + grid->rowStart[row], lanes[8] = {0};
    const long length = (grid->ringColumns + 1 - (row & 1)) / 2;
    long k = 0;
    for (; k + 8 <= length; k += 8)
#pragma clang loop vectorize(assume_safety)
      for (int l = 0; l < 8; l++) {
        const double unscaled = rest[k + l] / root[k + l];
        out[k + l] = scale * unscaled;
        lanes[l] += unscaled * unscaled;
      }
    for (int l = 0; k < length; k++, l++) {
      const double unscaled = rest[k] / root[k];
      out[k] = scale * unscaled;
      lanes[l] += unscaled * unscaled;
    }
    total += ((lanes[0] + lanes[4]) + (lanes[2] + lanes[6])) + ((lanes[1] + lanes[5]) + (lanes[3] + lanes[7]));
  }
  return total;
}

CK_CLONES void ck_algebraic_direction(const ck_algebraic_grid *grid, long first, long last, double scale, double keep,
                                      const double *unknown, double *p) {
  for (long i = first; i < last; i++) {
    const long row = i - grid->firstRow, at = i * grid->half + grid->firstColumn / 2;
    if (row < 0 || row >= grid->ringRows) continue;
    const double *z = unknown + grid->rowStart[row];
#pragma clang loop vectorize(assume_safety)
    for (long k = 0; k < (grid->ringColumns + 1 - (row & 1)) / 2; k++)
      p[at + k] = scale * z[k] / grid->red[at + k] + (keep == 0 ? 0 : keep * p[at + k]);
  }
}

/* MARK: Cycle */

/* The sum of couplings times values over the entries from..<to, in two chains of additions. */
CK_INLINE double gather(const ck_algebraic_level *level, int32_t from, int32_t to, const double *x) {
  const float *k = level->couplings;
  const int32_t *column = level->columns;
  double even = 0, odd = 0;
  int32_t e = from;
  for (; e + 2 <= to; e += 2) {
    even += (double)k[e] * x[column[e]];
    odd += (double)k[e + 1] * x[column[e + 1]];
  }
  if (e < to) even += (double)k[e] * x[column[e]];
  return even + odd;
}

CK_CLONES void ck_algebraic_relax(const ck_algebraic_level *level, long first, long last) {
  const double *right = level->right, *inverse = level->inverse;
  double *x = level->unknown;
  for (long i = first; i < last; i++) x[i] = inverse[i] * (right[i] + gather(level, level->start[i], level->middle[i], x));
}

CK_CLONES void ck_algebraic_residual(const ck_algebraic_level *level, long first, long last, double *residual) {
  for (long i = first; i < last; i++)
    residual[i] = gather(level, level->middle[i], level->start[i + 1], level->unknown);
}

CK_CLONES void ck_algebraic_sweep(const ck_algebraic_level *level, long first, long last) {
  const double *right = level->right, *inverse = level->inverse;
  double *x = level->unknown;
  for (long i = first; i < last; i++) {
    /* The upper couplings do not wait for the point before. */
    const double high = right[i] + gather(level, level->middle[i], level->start[i + 1], x);
    x[i] = inverse[i] * (high + gather(level, level->start[i], level->middle[i], x));
  }
}

CK_CLONES void ck_algebraic_remainder(const ck_algebraic_level *level, long first, long last, double *residual) {
  const double *right = level->right, *inverse = level->inverse, *x = level->unknown;
  for (long i = first; i < last; i++) {
    const double rest = right[i] + gather(level, level->start[i], level->start[i + 1], x);
    residual[i] = inverse[i] > 0 ? rest - x[i] / inverse[i] : rest;
  }
}

CK_CLONES void ck_algebraic_restrict(const ck_algebraic_level *level, long first, long last, const double *residual, double *right) {
  for (long c = first; c < last; c++) {
    double sum = 0;
    for (int32_t w = level->toStart[c]; w < level->toStart[c + 1]; w++)
      sum += (double)level->toWeights[w] * residual[level->to[w]];
    right[c] = sum;
  }
}

CK_CLONES void ck_algebraic_correct(const ck_algebraic_level *level, long first, long last, const double *coarse) {
  for (long i = first; i < last; i++) {
    double sum = level->unknown[i];
    for (int32_t w = level->fromStart[i]; w < level->fromStart[i + 1]; w++)
      sum += (double)level->fromWeights[w] * coarse[level->from[w]];
    level->unknown[i] = sum;
  }
}

CK_CLONES void ck_algebraic_finish(const ck_algebraic_level *level, long first, long last) {
  const double *right = level->right, *inverse = level->inverse;
  double *x = level->unknown;
  for (long i = last - 1; i >= first; i--) {
    /* The lower couplings do not wait for the point before. */
    const double low = right[i] + gather(level, level->start[i], level->middle[i], x);
    x[i] = inverse[i] * (low + gather(level, level->middle[i], level->start[i + 1], x));
  }
}

CK_CLONES double ck_algebraic_product(const ck_algebraic_level *level, long first, long last) {
  double sum = 0;
  for (long i = first; i < last; i++) sum += level->right[i] * level->unknown[i];
  return sum;
}
