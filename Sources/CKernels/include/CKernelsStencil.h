/// Kernels for five-point operators on a rectangle of unknowns, in double.
///
/// Arrays are padded: element (i, j) lies at `i * stride + j` from the pointer that is passed, rows -1 and `rows` and the
/// elements -1 and `columns` of every row exist and are zero. `west[i, j]` is the conductance between (i, j-1) and
/// (i, j), `south[i, j]` that between (i-1, j) and (i, j); rows and columns one past the last hold the last faces.
#ifndef CKERNELS_STENCIL_H
#define CKERNELS_STENCIL_H

/// r = b - A x for rows first..<last; b has rows of bStride elements. Returns their part of r·r. `ground` adds to the
/// diagonal, null for none. Along a joined axis the frame of x holds copies instead of zeros.
double ck_fivepoint_residual(long columns, long stride, long first, long last, const double *west,
                             const double *south, const double *ground, const double *b, long bStride,
                             const double *x, double *r);
/// The least positive and the largest conductance of the west and south faces of rows first..<last; infinity and 0
/// when there is none.
void ck_fivepoint_range(long columns, long stride, long first, long last, const double *west, const double *south,
                        double *least, double *largest);

#endif
