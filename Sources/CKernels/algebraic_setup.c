/* The hierarchy of the algebraic multigrid: strength, splitting, interpolation, Galerkin products. */
#include "internal.h"

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
