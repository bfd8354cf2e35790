/// Kernels of a multigrid preconditioner for five-point operators, in float (`_f32`) and double (`_f64`).
///
/// **Split rows.** A row of a level is stored as two halves of `half` elements: its even columns, then its odd columns.
/// Points on odd rows and odd columns are those of the next coarser level. Every neighbour and every transfer is then a
/// contiguous access. **Half arrays** have one half of each row, `half` elements a row; which one, the row decides.
///
/// Loops run over `width`, the number of even columns rounded up to 16. `half` is at least `width + 16`; what lies beyond
/// the last column, the rows -1 and `rows`, and 16 elements before and after an array are zero and stay zero. Every
/// pointer is to the element (0, 0). A scratch area is zero where the kernels do not write and has rows of `half + 32`
/// elements, 16 elements before the first.
#ifndef CKERNELS_MULTIGRID_H
#define CKERNELS_MULTIGRID_H

/// A level; its arrays are given by their offsets from the base of an arena. With u the unknown,
/// (A u)(i) = centre·u(i) - sum over neighbours of coupling·u(neighbour); the finest level has four neighbours.
typedef struct {
  long rows, columns, half, width;
  bool ninePoint;
  /* Split rows: the diagonal (its inverse once inverted) and the couplings to four of the neighbours. */
  long centre, east, north, northEast, northWest;
  /* Half arrays: weights of the coarse points beside a point on a coarse row (west, east) or column (south, north). */
  long before, after;
  /* Weights of the four coarse points around an even point (2r, 2k), at r·half + k. */
  long southWest, southEast, toNorthWest, toNorthEast;
  /* Split rows. */
  long unknown, right;
} ck_level;

/// The finest level with its diagonal scaled to one and its colours apart; red is where row + column is even.
typedef struct {
  long rows, columns, half, width;
  /* Black points: couplings to their red neighbours. */
  long west, east, south, north;
  /* Red points: weight of a square in the norm of the unscaled residual. */
  long weight;
  /* Weights of the coarse point at the red point (2r + 1, 2k + 1) and of those around the red point (2r, 2k). */
  long centre, southWest, southEast, toNorthWest, toNorthEast;
  /* Red points. */
  long unknown, right;
} ck_redblack;

#define CK_DECLARE_MULTIGRID(T, S)                                                                                    \
  /* Set-up. Splits conductances (see CKernelsStencil.h; ground may be null), times unit, into the finest level's      \
     stencil for rows first..<last, and writes the inverse roots of the diagonal at red and black points. */          \
  void ck_multigrid_split_##S(T *base, const ck_level *level, long stride, const double *west, const double *south,        \
                              const double *ground, double unit, long first, long last, double *red, double *black);                        \
  /* Weights at edge points of rows first..<last, from the stencil with the couplings across the edge lumped          \
     (Dendy 1982, J. Comput. Phys. 48, 366, section 3). */                                                            \
  void ck_multigrid_edges_##S(T *base, const ck_level *level, long first, long last);                                      \
  /* Weights at even points, from their own equation, for rows 2r, r in first..<last. */                              \
  void ck_multigrid_corners_##S(T *base, const ck_level *level, long first, long last);                                    \
  /* Weights at edge points of rows first..<last anew, from their own equation and the weights at even points. */       \
  void ck_multigrid_spread_##S(T *base, const ck_level *level, long first, long last);                                \
  /* Rows first..<last of the coarse stencil, the Galerkin product; needs 24 scratch rows. */                         \
  void ck_multigrid_galerkin_##S(T *base, const ck_level *level, const ck_level *coarse, long first, long last,        \
                                 T *scratch);                                                                         \
  /* Replaces the diagonal by its inverse. */                                                                         \
  void ck_multigrid_invert_##S(T *base, const ck_level *level, long first, long last);                                     \
  /* Couplings in T and in double, and the norm's weights, for rows first..<last. */                                  \
  void ck_redblack_couplings_##S(T *base, const ck_redblack *fine, double *exactBase, const ck_redblack *exact, long stride,              \
                                 const double *west, const double *south, double unit, const double *red,             \
                                 const double *black, long first, long last);                                         \
  /* Transfer weights of the scaled unknowns for rows 2r and 2r + 1, r in first..<last. */                            \
  void ck_redblack_transfer_##S(T *base, const ck_redblack *fine, const ck_level *level, const double *red,            \
                                long first, long last);                                                               \
                                                                                                                      \
  /* The finest level. x += step·p, r -= step·q, right = scale·r; returns the weighted sum of r². */                  \
  double ck_redblack_update_##S(T *base, const ck_redblack *fine, long first, long last, double step, const double *p,     \
                                const double *q, double *x, double *r, double scale);                                 \
  /* Relaxes red then black from zero and restricts the residual to coarse rows first..<last; 8 scratch rows. */      \
  void ck_redblack_restrict_##S(T *base, const ck_redblack *fine, const ck_level *coarse, long first, long last,       \
                                T *scratch);                                                                          \
  /* Adds the coarse correction and relaxes black then red, rows first..<last; returns right·unknown; 8 scratch rows. */ \
  double ck_redblack_correct_##S(T *base, const ck_redblack *fine, const ck_level *coarse, long first, long last,      \
                                 T *scratch);                                                                         \
  /* The dot product of two half arrays over the elements from..<to of rows first..<last. */                           \
  double ck_redblack_dot_##S(long half, long first, long last, long from, long to, const T *a, const T *b);           \
  /* p = scale·unknown + keep·p. */                                                                                   \
  void ck_redblack_direction_##S(T *base, const ck_redblack *fine, long first, long last, double scale, double keep,       \
                                 double *p);                                                                          \
                                                                                                                      \
  /* Coarser levels, four colours. Relaxing from zero: odd rows, then even rows of first..<last. */                   \
  void ck_multigrid_relax_odd_##S(T *base, const ck_level *level, long first, long last);                                  \
  void ck_multigrid_relax_even_##S(T *base, const ck_level *level, long first, long last);                                 \
  /* Coarse rows first..<last of the restricted residual; 2 scratch rows. */                                          \
  void ck_multigrid_restrict_##S(T *base, const ck_level *level, const ck_level *coarse, long first, long last,        \
                                 T *scratch);                                                                         \
  /* Adds the coarse correction on rows first..<last; 2 scratch rows. */                                              \
  void ck_multigrid_correct_##S(T *base, const ck_level *level, const ck_level *coarse, long first, long last,         \
                                T *scratch);                                                                          \
  /* Relaxing backwards: even rows, then odd rows. */                                                                 \
  void ck_multigrid_finish_even_##S(T *base, const ck_level *level, long first, long last);                                \
  void ck_multigrid_finish_odd_##S(T *base, const ck_level *level, long first, long last);

CK_DECLARE_MULTIGRID(double, f64)
CK_DECLARE_MULTIGRID(float, f32)
#undef CK_DECLARE_MULTIGRID

/// The Schur complement of the black points, q = p - C_rb C_br p, rows first..<last; returns p·q; 4 scratch rows.
double ck_redblack_apply(double *base, const ck_redblack *exact, long first, long last, const double *p, double *q,
                         double *scratch);
/// Reduces a right-hand side (padded, natural rows): r = red + C_rb black of the scaled b; 4 scratch rows.
void ck_redblack_reduce(double *base, const ck_redblack *exact, long stride, const double *b, double unit, const double *red,
                          const double *black, long first, long last, double *r, double *scratch);
/// Adds the solution of the reduced system to u (padded, natural rows), black points by substitution.
void ck_redblack_expand(double *base, const ck_redblack *exact, long stride, const double *b, double unit, const double *red,
                        const double *black, long first, long last, const double *x, double *u, long uStride);

#endif
