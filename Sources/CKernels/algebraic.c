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

/* MARK: Set-up */

/* What a point becomes. */
enum { UNDECIDED, FINE, COARSE };

#define ROW(level, i, entry) for (int32_t entry = (level)->start[i]; entry < (level)->start[(i) + 1]; entry++)

long ck_algebraic_accumulate(long count, int32_t *start) {
  start[0] = 0;
  for (long i = 0; i < count; i++) start[i + 1] += start[i];
  return start[count];
}

void ck_algebraic_strength(const ck_algebraic_level *level, const ck_algebraic_setup *setup, double strength, long first,
                           long last) {
  for (long i = first; i < last; i++) {
    double largest = 0;
    ROW(level, i, e) largest = setup->couplings[e] > largest ? setup->couplings[e] : largest;
    setup->threshold[i] = largest > 0 ? strength * largest : __builtin_inf();
  }
}

/* Points that influence as many others or more share a list. */
#define LISTS 256

static void take(const ck_algebraic_setup *setup, int32_t *heads, int32_t i) {
  const int32_t before = setup->previous[i], after = setup->next[i];
  if (before >= 0)
    setup->next[before] = after;
  else
    heads[setup->influence[i]] = after;
  if (after >= 0) setup->previous[after] = before;
}

static void put(const ck_algebraic_setup *setup, int32_t *heads, int32_t i, int32_t influence) {
  setup->influence[i] = influence;
  setup->previous[i] = -1;
  setup->next[i] = heads[influence];
  if (heads[influence] >= 0) setup->previous[heads[influence]] = i;
  heads[influence] = i;
}

void ck_algebraic_split(const ck_algebraic_level *level, const ck_algebraic_setup *setup, long first, long last) {
  int32_t heads[LISTS], top = 0;
  for (int m = 0; m < LISTS; m++) heads[m] = -1;
  for (long i = last - 1; i >= first; i--) {
    int32_t influence = 0;
    ROW(level, i, e) influence += setup->couplings[e] >= setup->threshold[level->columns[e]];
    influence = influence < LISTS ? influence : LISTS - 1;
    setup->state[i] = UNDECIDED;
    put(setup, heads, (int32_t)i, influence);
    top = influence > top ? influence : top;
  }
#define IS_FREE(j) ((j) >= first && (j) < last && setup->state[j] == UNDECIDED)
  while (top > 0) {
    const int32_t i = heads[top];
    if (i < 0) {
      top--;
      continue;
    }
    take(setup, heads, i);
    setup->state[i] = COARSE;
    ROW(level, i, e) {
      const int32_t j = level->columns[e];
      if (!IS_FREE(j) || setup->couplings[e] < setup->threshold[j]) continue;
      take(setup, heads, j);
      setup->state[j] = FINE;
      ROW(level, j, f) {
        const int32_t k = level->columns[f];
        if (!IS_FREE(k) || setup->couplings[f] < setup->threshold[j] || setup->influence[k] == LISTS - 1) continue;
        take(setup, heads, k);
        put(setup, heads, k, setup->influence[k] + 1);
        top = setup->influence[k] > top ? setup->influence[k] : top;
      }
    }
    ROW(level, i, e) {
      const int32_t j = level->columns[e];
      if (!IS_FREE(j) || setup->couplings[e] < setup->threshold[i] || setup->influence[j] == 0) continue;
      take(setup, heads, j);
      put(setup, heads, j, setup->influence[j] - 1);
    }
  }
#undef IS_FREE
  /* What is left influences nothing that is not decided. */
  for (long i = first; i < last; i++) {
    if (setup->state[i] != UNDECIDED) continue;
    bool depends = false, interpolates = false;
    ROW(level, i, e) {
      const int32_t j = level->columns[e];
      if (setup->couplings[e] < setup->threshold[i]) continue;
      depends = true;
      interpolates = interpolates || (j >= first && j < last && setup->state[j] == COARSE);
    }
    setup->state[i] = depends && !interpolates ? COARSE : FINE;
  }
}

/* Coarse points that a row lists before it is searched instead. */
#define LISTED 32

/* Whether the fine point j depends strongly on one of the listed points, on which i does; on any that i does where they
   are too many to be listed. */
static bool shares(const ck_algebraic_level *level, const ck_algebraic_setup *setup, long i, long j, const int32_t *list,
                   int length) {
  ROW(level, j, e) {
    const int32_t c = level->columns[e];
    if (setup->state[c] != COARSE || setup->couplings[e] < setup->threshold[j]) continue;
    if (length <= LISTED) {
      for (int m = 0; m < length; m++)
        if (list[m] == c) return true;
    } else {
      ROW(level, i, f) if (level->columns[f] == c && setup->couplings[f] >= setup->threshold[i]) return true;
    }
  }
  return false;
}

void ck_algebraic_complete(const ck_algebraic_level *level, const ck_algebraic_setup *setup, long first, long last) {
  for (long i = first; i < last; i++) {
    if (setup->state[i] != FINE) continue;
    int32_t list[LISTED], added = -1;
    int length = 0;
    ROW(level, i, e) {
      if (setup->couplings[e] < setup->threshold[i] || setup->state[level->columns[e]] != COARSE) continue;
      if (length < LISTED) list[length] = level->columns[e];
      length++;
    }
    ROW(level, i, e) {
      const int32_t j = level->columns[e];
      if (setup->couplings[e] < setup->threshold[i] || setup->state[j] != FINE) continue;
      if (shares(level, setup, i, j, list, length)) continue;
      if (added < 0 && j >= first && j < last) {
        setup->state[j] = COARSE;
        added = j;
        if (length < LISTED) list[length] = j;
        length++;
      } else {
        if (added >= 0) setup->state[added] = FINE;
        setup->state[i] = COARSE;
        break;
      }
    }
  }
}

long ck_algebraic_number(const ck_algebraic_setup *setup, long first, long last, long next) {
  for (long i = first; i < last; i++) setup->number[i] = setup->state[i] == COARSE ? (int32_t)next++ : -1;
  return next;
}

void ck_algebraic_interpolation_count(const ck_algebraic_level *level, const ck_algebraic_setup *setup, long first,
                                      long last) {
  for (long i = first; i < last; i++) {
    int32_t length = setup->state[i] == COARSE;
    if (!length)
      ROW(level, i, e)
    length += setup->couplings[e] >= setup->threshold[i] && setup->state[level->columns[e]] == COARSE;
    level->fromStart[i + 1] = length;
  }
}

void ck_algebraic_interpolation(const ck_algebraic_level *level, const ck_algebraic_setup *setup, long first, long last,
                                int32_t *mark) {
  for (long i = first; i < last; i++) {
    const int32_t begin = level->fromStart[i];
    if (setup->state[i] == COARSE) {
      level->from[begin] = setup->number[i];
      setup->fromWeights[begin] = 1;
      level->fromWeights[begin] = 1;
      setup->threshold[i] = 0;
      continue;
    }
    /* Strong couplings to coarse points stay, those to fine ones go to coarse points, and what is weak, or positive in the
       matrix, goes to the diagonal. */
    int32_t end = begin;
    double total = setup->sums[i], lost = total;
    ROW(level, i, e) {
      const int32_t j = level->columns[e];
      if (setup->couplings[e] < setup->threshold[i]) continue;
      total += setup->couplings[e];
      if (setup->state[j] != COARSE) continue;
      mark[j] = end;
      setup->fromWeights[end] = setup->couplings[e];
      level->from[end++] = setup->number[j];
    }
#define IS_LISTED(to) ((to) >= begin && (to) < end)
    ROW(level, i, e) {
      const int32_t m = level->columns[e];
      if (setup->couplings[e] < setup->threshold[i] || setup->state[m] == COARSE) continue;
      int32_t targets[LISTED];
      double shares[LISTED], sum = 0;
      int length = 0;
      ROW(level, m, f) {
        const int32_t to = mark[level->columns[f]];
        if (!IS_LISTED(to) || !(setup->couplings[f] > 0)) continue;
        if (length < LISTED) targets[length] = to, shares[length] = setup->couplings[f];
        length++;
        sum += setup->couplings[f];
      }
      if (length == 0) {
        lost += setup->couplings[e];
        continue;
      }
      const double part = setup->couplings[e] / sum;
      if (length <= LISTED) {
        for (int n = 0; n < length; n++) setup->fromWeights[targets[n]] += part * shares[n];
      } else {
        ROW(level, m, f) {
          const int32_t to = mark[level->columns[f]];
          if (IS_LISTED(to) && setup->couplings[f] > 0) setup->fromWeights[to] += part * setup->couplings[f];
        }
      }
    }
#undef IS_LISTED
    for (int32_t w = begin; w < end; w++) {
      setup->fromWeights[w] /= total;
      level->fromWeights[w] = (float)setup->fromWeights[w];
    }
    setup->threshold[i] = end > begin ? lost / total : 1;
  }
}

void ck_algebraic_transpose(const ck_algebraic_level *level, const ck_algebraic_setup *setup) {
  int32_t *start = level->toStart;
  for (long c = 0; c <= level->coarse; c++) start[c] = 0;
  for (int32_t w = 0; w < level->fromStart[level->count]; w++) start[level->from[w] + 1]++;
  ck_algebraic_accumulate(level->coarse, start);
  for (long i = 0; i < level->count; i++)
    for (int32_t w = level->fromStart[i]; w < level->fromStart[i + 1]; w++) {
      const int32_t at = start[level->from[w]]++;
      level->to[at] = (int32_t)i;
      level->toWeights[at] = level->fromWeights[w];
      setup->toWeights[at] = setup->fromWeights[w];
    }
  for (long c = level->coarse; c > 0; c--) start[c] = start[c - 1];
  start[0] = 0;
}

void ck_algebraic_image(const ck_algebraic_level *level, const ck_algebraic_setup *setup, long first, long last) {
  const double *lack = setup->threshold;
  for (long i = first; i < last; i++) {
    double sum = setup->sums[i] * (1 - lack[i]);
    ROW(level, i, e) sum += setup->couplings[e] * (lack[level->columns[e]] - lack[i]);
    setup->image[i] = sum;
  }
}

long ck_algebraic_galerkin(const ck_algebraic_level *level, const ck_algebraic_setup *setup, long first, long last,
                           int32_t *start, int32_t *middle, double *total, long capacity, int32_t *columns,
                           double *couplings, int32_t *mark, long base) {
  long entries = 0;
  for (long c = first; c < last; c++) {
    /* Columns in the order of their discovery, the diagonal first; marks are positions of entries, diagonals too, from base
       on. */
    if (entries == capacity) return -1;
    int32_t *column = columns + entries;
    double *row = couplings + entries, all = 0;
    const int32_t from = (int32_t)(base + entries + c - first), most = (int32_t)(capacity - entries);
    int32_t length = 1;
    mark[c] = from;
    column[0] = (int32_t)c;
    row[0] = 0;
    for (int32_t r = level->toStart[c]; r < level->toStart[c + 1]; r++) {
      const int32_t i = level->to[r];
      const double weight = setup->toWeights[r];
      double centre = setup->sums[i];
      all += weight * setup->image[i];
#define ADD(j, factor)                                                                                                \
  for (int32_t w = level->fromStart[j]; w < level->fromStart[(j) + 1]; w++) {                                         \
    const int32_t d = level->from[w], at = mark[d] - from;                                                            \
    const double term = (factor) * setup->fromWeights[w];                                                             \
    if (at >= 0) {                                                                                                    \
      row[at] += term;                                                                                                \
    } else {                                                                                                          \
      if (length == most) return -1;                                                                                  \
      mark[d] = from + length;                                                                                        \
      column[length] = d;                                                                                             \
      row[length++] = term;                                                                                           \
    }                                                                                                                 \
  }
      ROW(level, i, e) {
        const double k = weight * setup->couplings[e];
        centre += setup->couplings[e];
        ADD(level->columns[e], k)
      }
      centre *= -weight;
      ADD(i, centre)
#undef ADD
    }
    total[c] = all;
    /* The diagonal follows from the rest. */
    length--;
    column[0] = column[length];
    row[0] = row[length];
    int32_t low = 0;
    for (int32_t m = 0; m < length; m++)
      if (column[m] < c) {
        const int32_t d = column[m];
        const double k = row[m];
        column[m] = column[low], row[m] = row[low];
        column[low] = d, row[low++] = k;
      }
    start[c + 1] = length;
    middle[c] = low;
    entries += length;
  }
  return entries;
}

void ck_algebraic_place(const ck_algebraic_level *coarse, const ck_algebraic_setup *setup, long first, long last,
                        const int32_t *columns, const double *couplings) {
  const int32_t from = coarse->start[first];
  for (long c = first; c < last; c++) coarse->middle[c] += coarse->start[c];
  for (int32_t e = from; e < coarse->start[last]; e++) {
    coarse->columns[e] = columns[e - from];
    setup->couplings[e] = couplings[e - from];
  }
}

void ck_algebraic_round(const ck_algebraic_level *level, const ck_algebraic_setup *setup, long first, long last) {
  for (long i = first; i < last; i++) {
    double centre = setup->sums[i];
    ROW(level, i, e) {
      level->couplings[e] = (float)setup->couplings[e];
      centre += (double)level->couplings[e];
    }
    level->inverse[i] = centre > 0 ? 1 / centre : 0;
  }
}

bool ck_algebraic_is_separate(const ck_algebraic_level *level, long first, long last, long low, long high) {
  for (long i = first; i < last; i++)
    ROW(level, i, e) {
      const int32_t j = level->columns[e];
      if (j >= low && j < high && (j < first || j >= last)) return false;
    }
  return true;
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
