#include "internal.h"

#define T float
#define S f32
#define V f32x16
#define W f32x8
#define H f32x4
#include "gemm.inc"
#undef T
#undef S
#undef V
#undef W
#undef H

#define T double
#define S f64
#define V f64x8
#define W f64x4
#define H f64x2
#include "gemm.inc"
