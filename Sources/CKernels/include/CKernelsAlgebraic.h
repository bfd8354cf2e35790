/// Kernels of algebraic multigrid for symmetric matrices in compressed rows.
///
/// Row i of a matrix has the couplings k(i, j) = -a(i, j) to its neighbours at entries start[i] ..< start[i + 1], those
/// with j < i before middle[i], the others from there on, and the sum s(i) of the whole row:
/// (A x)(i) = s(i) x(i) + sum over j of k(i, j) (x(i) - x(j)), so that the diagonal is s(i) + sum of k(i, j). A point i
/// depends strongly on j when k(i, j) >= threshold[i].
///
/// Couplings and weights are in double while a level is set up and in single for the cycle, whose vectors are in double;
/// the diagonal of the cycle is made of the rounded couplings, so that rounding keeps the sums of rows.
///
/// A range first..<last of rows can be treated by one thread while another treats another range, unless it is said
/// otherwise. Nothing depends on the order in which threads come.
#ifndef CKERNELS_ALGEBRAIC_H
#define CKERNELS_ALGEBRAIC_H

typedef struct {
  long count, coarse;
  /* The matrix. */
  int32_t *start, *middle, *columns;
  float *couplings;
  double *inverse;
  /* Interpolation: point i from the coarse points from[fromStart[i]] ..., and its transpose. */
  int32_t *fromStart, *from, *toStart, *to;
  float *fromWeights, *toWeights;
  /* The vectors of a cycle. */
  double *unknown, *right;
} ck_algebraic_level;

/// What is needed only while a level is set up.
typedef struct {
  /* Of the level, in double. */
  double *couplings, *sums, *fromWeights, *toWeights;
  /* The coupling from which on a point depends strongly on another, infinity where none is positive; once a point has
     its interpolation, what the interpolated 1 lacks of 1 there. */
  double *threshold;
  /* The image of the interpolated 1. */
  double *image;
  /* Of every point what it becomes, and of coarse ones their number. */
  int8_t *state;
  int32_t *number;
  /* Lists of points by the number of points they influence. */
  int32_t *influence, *next, *previous;
} ck_algebraic_setup;

/// The reduced system of a five-point operator on a rectangle, which may be part of a larger one that it is unrolled
/// from (see `CKernelsMultigrid.h` for half arrays and colours).
typedef struct {
  /* Rows and columns of the operator, elements of a padded row and of a half row. */
  long rows, columns, stride, half;
  /* Where the points begin, both even, and how many they are; the others are copies. */
  long firstRow, firstColumn, ringRows, ringColumns;
  /* For every row of points the number of its first red one. */
  const int32_t *rowStart;
  double unit;
  const double *west, *south, *ground;
  /* Half arrays: inverse roots of the diagonal. */
  double *red, *black;
} ck_algebraic_grid;

// MARK: The reduced system

/// The inverse roots of the diagonal at red and black points of rows first..<last of the operator.
void ck_algebraic_roots(const ck_algebraic_grid *grid, long first, long last);
/// The couplings of the scaled reduced system, half arrays, from the inverse roots of all rows.
void ck_algebraic_scaled(const ck_algebraic_grid *grid, long first, long last, double *west, double *east, double *south,
                         double *north);
/// The lengths of the rows of the unscaled reduced matrix for the rows of points first..<last; start[i + 1] is the length
/// of row i.
void ck_algebraic_schur_count(const ck_algebraic_grid *grid, long first, long last, int32_t *start);
/// The rows of the matrix themselves.
void ck_algebraic_schur(const ck_algebraic_grid *grid, long first, long last, const ck_algebraic_level *level,
                        const ck_algebraic_setup *setup);
/// x += step·p, r -= step·q on all of the half rows; right = scale·r in unscaled unknowns; returns the sum of the squares
/// of the unscaled r.
double ck_algebraic_update(const ck_algebraic_grid *grid, long first, long last, double step, const double *p,
                           const double *q, double *x, double *r, double scale, double *right);
/// p = scale·unknown + keep·p in scaled unknowns.
void ck_algebraic_direction(const ck_algebraic_grid *grid, long first, long last, double scale, double keep,
                            const double *unknown, double *p);

// MARK: Set-up

/// Turns lengths into starts: start[0] = 0, start[i + 1] += start[i]; returns the last.
long ck_algebraic_accumulate(long count, int32_t *start);
/// Thresholds: `strength` times the largest coupling of a row.
void ck_algebraic_strength(const ck_algebraic_level *level, const ck_algebraic_setup *setup, double strength, long first,
                           long last);
/// The first pass of Ruge & Stüben over the points first..<last alone.
void ck_algebraic_split(const ck_algebraic_level *level, const ck_algebraic_setup *setup, long first, long last);
/// The second pass: makes points first..<last coarse until every two fine points one of which depends strongly on the
/// other depend strongly on the same coarse point. Points of other ranges that are coupled to these must not change.
void ck_algebraic_complete(const ck_algebraic_level *level, const ck_algebraic_setup *setup, long first, long last);
/// Numbers the coarse points among first..<last from `next` on; returns the next number.
long ck_algebraic_number(const ck_algebraic_setup *setup, long first, long last, long next);
/// The numbers of coarse points that points first..<last are interpolated from; fromStart[i + 1] is that of point i.
void ck_algebraic_interpolation_count(const ck_algebraic_level *level, const ck_algebraic_setup *setup, long first,
                                      long last);
/// Interpolation; `mark` has an element for every point, each -1 or left by other points.
void ck_algebraic_interpolation(const ck_algebraic_level *level, const ck_algebraic_setup *setup, long first, long last,
                                int32_t *mark);
/// The transpose of the interpolation of all points.
void ck_algebraic_transpose(const ck_algebraic_level *level, const ck_algebraic_setup *setup);
/// The image of the interpolated 1 at points first..<last.
void ck_algebraic_image(const ck_algebraic_level *level, const ck_algebraic_setup *setup, long first, long last);
/// Rows first..<last of the coarse matrix, the Galerkin product: their lengths at start[i + 1], how many of their entries
/// lie below the diagonal at middle[i], their sums at total[i], and their entries one row after another. `mark` has an
/// element for every coarse point, all below `base`, and below `base + capacity` and as many as there are rows afterwards. Returns the number of
/// entries, -1 when there is not room enough.
long ck_algebraic_galerkin(const ck_algebraic_level *level, const ck_algebraic_setup *setup, long first, long last,
                           int32_t *start, int32_t *middle, double *total, long capacity, int32_t *columns,
                           double *couplings, int32_t *mark, long base);
/// Copies the entries of these rows to where they belong once `start` is accumulated, and makes middle[i] a position.
void ck_algebraic_place(const ck_algebraic_level *coarse, const ck_algebraic_setup *setup, long first, long last,
                        const int32_t *columns, const double *couplings);
/// Couplings in single and the inverse of the diagonal.
void ck_algebraic_round(const ck_algebraic_level *level, const ck_algebraic_setup *setup, long first, long last);
/// Whether points first..<last are coupled to none of low..<high but themselves.
bool ck_algebraic_is_separate(const ck_algebraic_level *level, long first, long last, long low, long high);

// MARK: Cycle

/// A forward sweep of Gauss & Seidel from zero, ranges of lower numbers first where they are coupled.
void ck_algebraic_relax(const ck_algebraic_level *level, long first, long last);
/// The residual after it.
void ck_algebraic_residual(const ck_algebraic_level *level, long first, long last, double *residual);
/// The same sweep from the unknowns that are there.
void ck_algebraic_sweep(const ck_algebraic_level *level, long first, long last);
/// The residual of any unknowns.
void ck_algebraic_remainder(const ck_algebraic_level *level, long first, long last, double *residual);
/// Coarse right-hand sides first..<last.
void ck_algebraic_restrict(const ck_algebraic_level *level, long first, long last, const double *residual, double *right);
/// Adds the correction by the coarse unknowns.
void ck_algebraic_correct(const ck_algebraic_level *level, long first, long last, const double *coarse);
/// A backward sweep of Gauss & Seidel, ranges of higher numbers first where they are coupled.
void ck_algebraic_finish(const ck_algebraic_level *level, long first, long last);
/// The product of right-hand side and unknowns.
double ck_algebraic_product(const ck_algebraic_level *level, long first, long last);

#endif
