#include "internal.h"

#include <math.h>
#include <string.h>

#define T float
#define S f32
#define V f32x16
#include "elementwise.inc"
#undef T
#undef S
#undef V

#define T double
#define S f64
#define V f64x8
#include "elementwise.inc"
#undef T
#undef S
#undef V

/* exp(x) for x <= 88: x = n·ln 2 + r, |r| <= ln 2 / 2, and a Taylor polynomial of degree 7 in r; relative error below
   2e-7. The result underflows to 0 below -87. */
CK_INLINE float exponential(float x) {
  const float log2e = 1.44269504f, ln2High = 0.693359375f, ln2Low = -2.12194440e-4f;
  const float shift = 12582912.0f; /* 1.5·2^23: adding it rounds to an integer */
  float clamped = x < -87.0f ? -87.0f : x;
  clamped = clamped > 88.0f ? 88.0f : clamped;
  float n = (clamped * log2e + shift) - shift;
  float r = clamped - n * ln2High - n * ln2Low;
  float p = 1.0f / 5040;
  p = p * r + 1.0f / 720;
  p = p * r + 1.0f / 120;
  p = p * r + 1.0f / 24;
  p = p * r + 1.0f / 6;
  p = p * r + 0.5f;
  p = p * r + 1.0f;
  p = p * r + 1.0f;
  int32_t bits = ((int32_t)n + 127) << 23;
  float scale;
  memcpy(&scale, &bits, 4);
  float result = p * scale;
  result = x < -87.0f ? 0.0f : result;
  result = x > 88.0f ? __builtin_inff() : result;
  return x != x ? x : result;
}

/* The normal distribution function: Φ(-a) = exp(-a²/2)·t·P(t), t = 1/(1 + p·a), a >= 0, the form of Abramowitz & Stegun
   26.2.17 with a polynomial of degree 7 fitted to a relative error of 1.3e-7 over the whole tail. */
CK_INLINE float upperTail(float a, float gaussian) {
  float t = 1.0f / (1.0f + 0.2316419f * a);
  float p = -0.07042739f;
  p = p * t + 0.24769968f;
  p = p * t - 0.20168191f;
  p = p * t + 0.2252724f;
  p = p * t + 0.0135421f;
  p = p * t + 0.10265328f;
  p = p * t + 0.09041963f;
  p = p * t + 0.09252228f;
  return gaussian * t * p;
}

CK_CLONES void ck_gelu_f32(long n, const float *x, float *out) {
  CK_EACH for (long i = 0; i < n; i++) {
    float v = x[i], a = v < 0 ? -v : v;
    float tail = upperTail(a, exponential(-0.5f * a * a));
    out[i] = v * (v < 0 ? tail : 1.0f - tail);
  }
}

CK_CLONES void ck_gelu_pullback_f32(long n, const float *x, const float *cotangent, float *out) {
  const float inverseRootTwoPi = 0.39894228f;
  CK_EACH for (long i = 0; i < n; i++) {
    float v = x[i], a = v < 0 ? -v : v;
    float gaussian = exponential(-0.5f * a * a);
    float tail = upperTail(a, gaussian);
    out[i] = cotangent[i] * ((v < 0 ? tail : 1.0f - tail) + v * inverseRootTwoPi * gaussian);
  }
}

CK_CLONES void ck_exp_f32(long n, const float *x, float *out) {
  CK_EACH for (long i = 0; i < n; i++) out[i] = exponential(x[i]);
}

CK_CLONES void ck_tanh_f32(long n, const float *x, float *out) {
  CK_EACH for (long i = 0; i < n; i++) {
    float v = x[i], a = v < 0 ? -v : v;
    float e = exponential(-2.0f * a);
    /* Near 0 the quotient loses digits; the odd series is exact to rounding there. */
    float square = a * a;
    float series = a * (1.0f + square * (-1.0f / 3 + square * (2.0f / 15 + square * (-17.0f / 315))));
    float magnitude = a < 0.15f ? series : (1.0f - e) / (1.0f + e);
    out[i] = v < 0 ? -magnitude : magnitude;
  }
}

void ck_log_f32(long n, const float *x, float *out) {
  for (long i = 0; i < n; i++) out[i] = logf(x[i]);
}

/* Double serves gradient checks and classical solvers: the library's functions, exact to the last digits. */
void ck_gelu_f64(long n, const double *x, double *out) {
  for (long i = 0; i < n; i++) out[i] = 0.5 * x[i] * erfc(-x[i] * M_SQRT1_2);
}

void ck_gelu_pullback_f64(long n, const double *x, const double *cotangent, double *out) {
  const double inverseRootTwoPi = 0.3989422804014327;
  for (long i = 0; i < n; i++)
    out[i] = cotangent[i] * (0.5 * erfc(-x[i] * M_SQRT1_2) + x[i] * inverseRootTwoPi * exp(-0.5 * x[i] * x[i]));
}

void ck_exp_f64(long n, const double *x, double *out) {
  for (long i = 0; i < n; i++) out[i] = exp(x[i]);
}

void ck_tanh_f64(long n, const double *x, double *out) {
  for (long i = 0; i < n; i++) out[i] = tanh(x[i]);
}

void ck_log_f64(long n, const double *x, double *out) {
  for (long i = 0; i < n; i++) out[i] = log(x[i]);
}
