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

/* Φ(x) − 1/2 and gelu'(x) − 1/2 are x times functions of x²; both as quotients of polynomials of degree 6 with one
   denominator, fitted on |x| <= 5.4 so that gelu and its slope are off by less than 1.3e-7 before rounding. Beyond, Φ is 0
   or 1 to 4e-8 and taken as such. Rounding makes it some 3e-7 of max(1, |x|): what matters in a sum of such terms; the lower tail, below
   1e-3, does not keep its own relative accuracy. */
static const float geluEnd = 5.4f;

CK_INLINE float geluArgument(float x) {
  float above = x < -geluEnd ? -geluEnd : x;
  return above > geluEnd ? geluEnd : above;
}

CK_INLINE float geluDenominator(float u) {
  float q = 5.22480536e-08f;
  q = q * u + 5.80704858e-06f;
  q = q * u + 1.78485537e-04f;
  q = q * u + 3.28316236e-03f;
  q = q * u + 3.98395155e-02f;
  q = q * u + 2.92195767e-01f;
  return q * u + 1.0f;
}

CK_INLINE float geluValue(float u) {
  float p = 8.86236043e-10f;
  p = p * u + 3.48314368e-07f;
  p = p * u + 1.78569748e-05f;
  p = p * u + 3.90634517e-04f;
  p = p * u + 6.43369886e-03f;
  p = p * u + 5.00836151e-02f;
  return p * u + 3.98940869e-01f;
}

CK_INLINE float geluSlope(float u) {
  float p = 2.03684124e-09f;
  p = p * u + 1.77568423e-07f;
  p = p * u + 2.86366029e-05f;
  p = p * u + 1.80804234e-05f;
  p = p * u + 1.39070437e-02f;
  p = p * u - 3.28183956e-02f;
  return p * u + 7.97883869e-01f;
}

/* Quotients in a fixed form, so that all kernels give the same bits. */
CK_CLONES void ck_gelu_f32(long n, const float *x, float *out) {
  CK_EACH for (long i = 0; i < n; i++) {
    float v = geluArgument(x[i]), u = v * v;
    float scale = v / geluDenominator(u), result = x[i] * (0.5f + scale * geluValue(u));
    result = x[i] < -geluEnd ? 0.0f : result;
    out[i] = x[i] > geluEnd ? x[i] : result;
  }
}

CK_CLONES void ck_gelu_slope_f32(long n, const float *x, float *out, float *slope) {
  CK_EACH for (long i = 0; i < n; i++) {
    float v = geluArgument(x[i]), u = v * v;
    float scale = v / geluDenominator(u), result = x[i] * (0.5f + scale * geluValue(u));
    result = x[i] < -geluEnd ? 0.0f : result;
    out[i] = x[i] > geluEnd ? x[i] : result;
    slope[i] = 0.5f + scale * geluSlope(u);
  }
}

CK_CLONES void ck_gelu_pullback_f32(long n, const float *x, const float *cotangent, float *out) {
  CK_EACH for (long i = 0; i < n; i++) {
    float v = geluArgument(x[i]), u = v * v;
    float scale = v / geluDenominator(u);
    out[i] = cotangent[i] * (0.5f + scale * geluSlope(u));
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

void ck_gelu_slope_f64(long n, const double *x, double *out, double *slope) {
  const double inverseRootTwoPi = 0.3989422804014327;
  for (long i = 0; i < n; i++) {
    double v = x[i], below = 0.5 * erfc(-v * M_SQRT1_2);
    out[i] = v * below;
    slope[i] = below + v * inverseRootTwoPi * exp(-0.5 * v * v);
  }
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
