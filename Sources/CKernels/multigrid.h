#ifndef CK_MULTIGRID_H
#define CK_MULTIGRID_H

/* What the set-up and the cycle of multigrid share; T and S are the scalar type and its suffix where they are used.
   Conventions in CKernelsMultigrid.h. Names of neighbours: suffix E or O for the even or odd half of a row, d (down) for
   the row below, u (up) for the row above. An even column k has its west neighbour at O[k - 1] and its east one at O[k];
   an odd column k has them at E[k] and E[k + 1]. */

#define CK_CAT_(a, b) a##_##b
#define CK_CAT(a, b) CK_CAT_(a, b)
/* The arrays of one struct never overlap where a loop reads one and writes another. */
#define LOOP(count) _Pragma("clang loop vectorize(assume_safety)") for (long k = 0; k < (count); k++)
#define SCRATCH(half, index) (scratch + 16 + (index) * ((half) + 32))

/* The stencil of a level around row i, both halves. */
#define STENCIL_ROWS                                                                                                  \
  const long at = 2 * i * level->half, half = level->half, below = at - 2 * half;                                     \
  const T *cE = base + level->centre + at, *cO = cE + half, *eE = base + level->east + at, *eO = eE + half;                         \
  const T *nE = base + level->north + at, *nO = nE + half, *nEd = base + level->north + below, *nOd = nEd + half;                   \
  const T *rE = nine ? base + level->northEast + at : 0, *rO = nine ? rE + half : 0;                                         \
  const T *rEd = nine ? base + level->northEast + below : 0, *rOd = nine ? rEd + half : 0;                                   \
  const T *lE = nine ? base + level->northWest + at : 0, *lO = nine ? lE + half : 0;                                         \
  const T *lEd = nine ? base + level->northWest + below : 0, *lOd = nine ? lEd + half : 0;                                   \
  (void)cE, (void)cO, (void)eE, (void)eO, (void)nE, (void)nO, (void)nEd, (void)nOd;                                   \
  (void)rE, (void)rO, (void)rEd, (void)rOd, (void)lE, (void)lO, (void)lEd, (void)lOd;

/* Couplings of an even and of an odd column to their eight neighbours. */
#define COUPLINGS_EVEN(k)                                                                                             \
  const T C = cE[k], W = eO[(k) - 1], E = eE[k], D = nEd[k], U = nE[k];                                               \
  const T DW = nine ? rOd[(k) - 1] : 0, DE = nine ? lOd[k] : 0, UW = nine ? lE[k] : 0, UE = nine ? rE[k] : 0;         \
  (void)C, (void)W, (void)E, (void)D, (void)U, (void)DW, (void)DE, (void)UW, (void)UE;
#define COUPLINGS_ODD(k)                                                                                              \
  const T C = cO[k], W = eE[k], E = eO[k], D = nOd[k], U = nO[k];                                                     \
  const T DW = nine ? rEd[k] : 0, DE = nine ? lEd[(k) + 1] : 0, UW = nine ? lO[k] : 0, UE = nine ? rO[k] : 0;         \
  (void)C, (void)W, (void)E, (void)D, (void)U, (void)DW, (void)DE, (void)UW, (void)UE;

#endif
