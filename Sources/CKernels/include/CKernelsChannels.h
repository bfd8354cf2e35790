/// Affine maps of channels at every point, with what comes before and after them, in one pass over the data.
///
/// Work goes in blocks of points whose rows of all channels lie in the second-level cache, copied there so that the matrix
/// kernel reads neighbouring lines whatever the distance of the channels in memory. A field of c channels at p points has
/// its channels `stride` elements apart. Scratch memory holds the number of elements that the functions ending in
/// `_scratch` return; its contents do not matter.
#ifndef CKERNELS_CHANNELS_H
#define CKERNELS_CHANNELS_H

#include <stdbool.h>

/// An affine map of the channels of up to `terms` fields at once: Σ_t W_t·x_t + bias + Σ_a addend_a.
typedef struct {
  long points;
  long stride;
  long outputs;
  long terms;            /* at most 4 */
  const long *channels;  /* of each term */
  long weightStride;     /* from one row of weights to the next, at least Σ channels */
  long addends;          /* at most 2 */
} ck_channel_shape;

#define CK_DECLARE_CHANNELS(T, S)                                                                                     \
  long ck_channel_scratch_##S(const ck_channel_shape *shape);                                                         \
  /* out = σ(Σ W·x + bias + Σ addend); a row of `weights` holds the terms' weights side by side. With                     \
     `gelu` σ is GELU, and `slope`, unless null, gets its derivative. */                                              \
  void ck_channel_map_##S(const ck_channel_shape *shape, const T *const *x, const T *weights, const T *bias,          \
                          const T *const *addends, bool gelu, T *out, T *slope, T *scratch);                          \
  /* With c = cotangent·slope (slope null: 1): x̄_t = or += W_tᵀ·c where `xBar[t]` is not null, W̄ += Σ_p c·xᵀ and bias̄ += \
     Σ_p c unless null. The sums are kept as a vector of 64 bytes an entry, to be folded by ck_fold. */                \
  void ck_channel_pullback_##S(const ck_channel_shape *shape, const T *const *x, const T *weights,                    \
                               const T *cotangent, const T *slope, T *const *xBar, bool accumulate, T *weightBar,     \
                               T *biasBar, T *scratch);                                                               \
  /* Two maps with a GELU between: out = V·gelu(W·x + b) + d, the hidden channels never leaving the cache. */         \
  long ck_channel_mlp_scratch_##S(long inputs, long hidden, long outputs);                                            \
  void ck_channel_mlp_##S(long points, long stride, long inputs, long hidden, long outputs, const T *x, const T *w,   \
                          const T *b, const T *v, const T *d, T *out, T *scratch);                                    \
  /* Its pullback; the hidden channels are computed again. Sums as in ck_channel_pullback; xBar may be null. */        \
  void ck_channel_mlp_pullback_##S(long points, long stride, long inputs, long hidden, long outputs, const T *x,      \
                                   const T *w, const T *b, const T *v, const T *cotangent, T *xBar, T *wBar, T *bBar, \
                                   T *vBar, T *dBar, T *scratch);                                                     \
  /* out[i] = the sum of the 64-byte vector i, added in a fixed order. */                                             \
  void ck_fold_##S(long n, const T *vectors, T *out);

CK_DECLARE_CHANNELS(float, f32)
CK_DECLARE_CHANNELS(double, f64)

#endif
