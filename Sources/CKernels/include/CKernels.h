/// Hot kernels of the toolkit, in plain C, dispatched at run time to the widest vector unit present.
///
/// Every function exists for float (`_f32`) and double (`_f64`). Matrices are row major. No function allocates, none
/// keeps state except the thread pool. Reductions have a fixed shape, so a result depends on the data alone.
#ifndef CKERNELS_H
#define CKERNELS_H

#include <stdbool.h>
#include <stdint.h>

#include "CKernelsAlgebraic.h"
#include "CKernelsChannels.h"
#include "CKernelsDFT.h"
#include "CKernelsStencil.h"
#include "CKernelsMultigrid.h"
#include "CKernelsRandom.h"

// MARK: Threads

/// Runs body(context, i) for i in 0..<count, spread over the pool's threads; returns when all are done.
/// A call from inside a body runs serially on the calling thread.
void ck_parallel(long count, void (*body)(void *context, long index), void *context);
/// Sets how many threads take part, the caller included (1...256).
void ck_set_threads(int count);
int ck_threads(void);
/// The instruction set that the kernels were dispatched to.
const char *ck_instruction_set(void);

#define CK_DECLARE(T, S)                                                                                              \
  /* C[m×n] = (accumulate ? C : 0) + A·B; A(i,k) = a[i*rsa + k*csa], B and C contiguous along n. */                   \
  void ck_gemm_##S(long m, long n, long k, const T *a, long rsa, long csa, const T *b, long ldb, T *c, long ldc,      \
                   bool accumulate);                                                                                  \
  /* C[m×n] = (accumulate ? C : 0) + A·Bᵀ; A [m×k] and B [n×k] contiguous along k. */                                  \
  void ck_gemm_nt_##S(long m, long n, long k, const T *a, long lda, const T *b, long ldb, T *c, long ldc,             \
                      bool accumulate);                                                                               \
  /* Complex product per mode on split planes: out[b,o,:] = sum_i x[b,i,:]·w[i,o,:], strides in elements; modes         \
     contiguous. conjugateWeight uses conj(w). Scratch of ck_modes_scratch elements. */                               \
  long ck_modes_scratch_##S(long batch, long rows, long columns);                                                     \
  void ck_modes_##S(long batch, long rows, long columns, long modes, const T *xr, const T *xi, long xBatch,           \
                    long xRow, const T *wr, const T *wi, long wRow, long wColumn, T *outr, T *outi, long outBatch,    \
                    long outColumn, bool conjugateWeight, T *scratch);                                                \
  /* g[i,o,:] = sum_b conj(x[b,i,:])·y[b,o,:]. */                                                                  \
  void ck_modes_outer_##S(long batch, long rows, long columns, long modes, const T *xr, const T *xi, long xBatch,     \
                          long xRow, const T *yr, const T *yi, long yBatch, long yColumn, T *gr, T *gi, long gRow,    \
                          long gColumn, T *scratch);                                                                  \
  /* Elementwise: an output may be one of the inputs. */                                                              \
  void ck_fill_##S(long n, T value, T *out);                                                                          \
  void ck_add_##S(long n, const T *a, const T *b, T *out);                                                            \
  void ck_sub_##S(long n, const T *a, const T *b, T *out);                                                            \
  void ck_mul_##S(long n, const T *a, const T *b, T *out);                                                            \
  void ck_div_##S(long n, const T *a, const T *b, T *out);                                                            \
  /* out = s·a + t */                                                                                                 \
  void ck_affine_##S(long n, const T *a, T s, T t, T *out);                                                           \
  /* y = s·x + t·y */                                                                                                 \
  void ck_axpby_##S(long n, T s, const T *x, T t, T *y);                                                              \
  /* out = sum_j c[j]·x[j][:] over count vectors; out may be one of them. */                                          \
  void ck_combine_##S(long n, long count, const T *const *x, const T *c, T *out);                                     \
  void ck_gelu_##S(long n, const T *x, T *out);                                                                       \
  /* out = cotangent·gelu'(x) */                                                                                      \
  void ck_gelu_pullback_##S(long n, const T *x, const T *cotangent, T *out);                                          \
  /* out = gelu(x), slope = gelu'(x) */                                                                               \
  void ck_gelu_slope_##S(long n, const T *x, T *out, T *slope);                                                       \
  void ck_exp_##S(long n, const T *x, T *out);                                                                        \
  void ck_log_##S(long n, const T *x, T *out);                                                                        \
  void ck_tanh_##S(long n, const T *x, T *out);                                                                       \
  void ck_sqrt_##S(long n, const T *x, T *out);                                                                       \
  /* Sums in double, in a fixed order. */                                                                             \
  double ck_sum_##S(long n, const T *x);                                                                              \
  double ck_dot_##S(long n, const T *x, const T *y);                                                                  \
  /* out[2j] = a·x[j], out[2j+1] = b·x[j], j < count. */                                                              \
  void ck_dot_pairs_##S(long n, const T *a, const T *b, long count, const T *const *x, double *out);                  \
  double ck_squared_distance_##S(long n, const T *x, const T *y);                                                     \
  T ck_max_abs_##S(long n, const T *x);                                                                               \
  bool ck_all_finite_##S(long n, const T *x);                                                                         \
  /* One Adam step (Kingma & Ba 2015, algorithm 1) with an L2 penalty added to the gradient. */                       \
  void ck_adam_##S(long n, T *parameter, const T *gradient, T *first, T *second, T rate, T beta1, T beta2, T epsilon, \
                   T correction1, T correction2, T decay);

CK_DECLARE(float, f32)
CK_DECLARE(double, f64)

#endif
