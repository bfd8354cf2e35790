/// Truncated Fourier transforms as products with cosine and sine tables, along an axis that is not contiguous.
///
/// A table for an axis of n points and wavenumbers 0..<pairs holds cos(2πhy/n), sin(2πhy/n) at table[(y·pairs + h)·2 + {0, 1}]
/// for y = 0...n/2: the rest follows from the symmetry of the cosine and the antisymmetry of the sine, which halves the work.
#ifndef CKERNELS_DFT_H
#define CKERNELS_DFT_H

#define CK_DECLARE_DFT(T, S)                                                                                          \
  /* out[2h] = Σ_y cos(2πhy/n)·x[y], out[2h+1] = Σ_y sin(2πhy/n)·x[y]: rows of `columns` elements, columns ≥ 1. */     \
  void ck_dft_analysis_##S(long n, long pairs, long columns, const T *table, const T *x, long ldx, T *out, long ldo);  \
  /* out[y] = Σ_h cos(2πhy/n)·x[2h] + sin(2πhy/n)·x[2h+1] for y in 0..<n. */                                            \
  void ck_dft_synthesis_##S(long n, long pairs, long columns, const T *table, const T *x, long ldx, T *out, long ldo); \
  /* Complex rows of cosine and sine sums to rows of modes 0..<nonnegative, −negative...−1: X(±h) = C(h) ∓ i·S(h).      \
     Input row r: real part at x + r·ldx, imaginary part at x + r·ldx + imaginary, C(h) in row 2h, S(h) in row 2h+1.   \
     Output row r: real part at out + r·width, imaginary part (nonnegative + negative)·width behind it. */             \
  void ck_dft_combine_##S(long nonnegative, long negative, long width, const T *x, long ldx, long imaginary, T *out);  \
  /* The transpose of combine, up to the sign that makes it e^{+iθ}: C(h) = X(h) + X(−h), S(h) = i·(X(h) − X(−h)), absent\
     modes being zero; both operands laid out as in combine with `pairs` pairs of rows. */                              \
  void ck_dft_split_##S(long nonnegative, long negative, long width, const T *x, long pairs, T *out, long ldo,         \
                        long imaginary);

CK_DECLARE_DFT(float, f32)
CK_DECLARE_DFT(double, f64)

#endif
