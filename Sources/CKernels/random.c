#include "internal.h"

#include <math.h>
#include <string.h>

/* The same bits with and without fused multiply-add. */
#pragma STDC FP_CONTRACT OFF

enum { block = 32 };

/* Philox 4x32 with 10 rounds (Salmon, Moraes, Dror & Shaw 2011); the counter is (index low, index high, sample,
   purpose). Words are kept in 64 bits, where the products are. */
CK_INLINE void philox(uint64_t key, uint32_t sample, uint32_t purpose, uint64_t first, uint64_t step, long lanes,
                      uint64_t *a, uint64_t *b) {
  for (long l = 0; l < lanes; l++) {
    const uint64_t low32 = 0xFFFFFFFF, index = first + (uint64_t)l * step;
    uint64_t c0 = index & low32, c1 = index >> 32, c2 = sample, c3 = purpose, k0 = key & low32, k1 = key >> 32;
    for (int round = 0; round < 10; round++) {
      const uint64_t p = 0xD2511F53 * c0, q = 0xCD9E8D57 * c2;
      c0 = (q >> 32) ^ c1 ^ k0;
      c1 = q & low32;
      c2 = (p >> 32) ^ c3 ^ k1;
      c3 = p & low32;
      k0 = (k0 + 0x9E3779B9) & low32;
      k1 = (k1 + 0xBB67AE85) & low32;
    }
    a[l] = c0 << 32 | c1;
    b[l] = c2 << 32 | c3;
  }
}

/* ln u for u in (0, 1]: u = 2^e·m with m in [√½, √2), and ln m = 2 artanh s with s = (m - 1)/(m + 1), |s| <= 0.172,
   whose series in s² is cut where its terms fall below 2^-55. */
CK_INLINE double logarithm(double u) {
  uint64_t bits;
  memcpy(&bits, &u, 8);
  /* Moves the split of the exponent from 1 to √½. */
  const uint64_t rootHalf = 0x3FE6A09E667F3BCD, shifted = bits - rootHalf;
  const int64_t e = (int64_t)shifted >> 52;
  bits = (shifted & 0x000FFFFFFFFFFFFF) + rootHalf;
  double m;
  memcpy(&m, &bits, 8);
  const double s = (m - 1) / (m + 1), z = s * s;
  double p = 1.0 / 21;
  p = p * z + 1.0 / 19;
  p = p * z + 1.0 / 17;
  p = p * z + 1.0 / 15;
  p = p * z + 1.0 / 13;
  p = p * z + 1.0 / 11;
  p = p * z + 1.0 / 9;
  p = p * z + 1.0 / 7;
  p = p * z + 1.0 / 5;
  p = p * z + 1.0 / 3;
  return (double)e * M_LN2 + (2 * s + 2 * s * (z * p));
}

/* cos 2πv for v in [0, 1), a multiple of 2^-53: the nearest quarter turn is taken off without rounding, and the rest is
   at most an eighth of a turn, where the Taylor series of degree 17 is exact to rounding. */
CK_INLINE double cosineOfTurns(double v) {
  const double shift = 6755399441055744.0; /* 1.5·2^52: adding it rounds to an integer */
  const double quarters = (4 * v + shift) - shift;
  const double x = 2 * M_PI * (v - 0.25 * quarters), z = x * x;
  double c = -1.0 / 6402373705728000; /* 1/18! */
  c = c * z + 1.0 / 20922789888000;
  c = c * z - 1.0 / 87178291200;
  c = c * z + 1.0 / 479001600;
  c = c * z - 1.0 / 3628800;
  c = c * z + 1.0 / 40320;
  c = c * z - 1.0 / 720;
  c = c * z + 1.0 / 24;
  c = c * z - 0.5;
  c = 1 + z * c;
  double s = 1.0 / 355687428096000; /* 1/17! */
  s = s * z - 1.0 / 1307674368000;
  s = s * z + 1.0 / 6227020800;
  s = s * z - 1.0 / 39916800;
  s = s * z + 1.0 / 362880;
  s = s * z - 1.0 / 5040;
  s = s * z + 1.0 / 120;
  s = s * z - 1.0 / 6;
  s = x + x * (z * s);
  /* cos(x + q π/2) for q = 0 ... 4. */
  const double odd = quarters == 1 ? -s : s, even = quarters == 2 ? -c : c;
  return quarters == 1 || quarters == 3 ? odd : even;
}

/* Box & Muller 1958, the cosine branch; the first uniform lies in (0, 1], so that its logarithm is finite. */
CK_CLONES void ck_normals(uint64_t key, uint32_t sample, uint32_t purpose, uint64_t first, uint64_t step, long count,
                          double *out) {
  uint64_t a[block], b[block];
  for (long done = 0; done < count; done += block) {
    const long lanes = count - done < block ? count - done : block;
    double *value = out + done;
    philox(key, sample, purpose, first + (uint64_t)done * step, step, lanes, a, b);
    for (long l = 0; l < lanes; l++) {
      const double u = (double)((int64_t)(a[l] >> 11) + 1) * 0x1p-53, v = (double)(int64_t)(b[l] >> 11) * 0x1p-53;
      value[l] = __builtin_elementwise_sqrt(-2 * logarithm(u)) * cosineOfTurns(v);
    }
  }
}
