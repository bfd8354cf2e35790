#include "internal.h"

#define T float
#define S f32
#define V f32x16
#include "channels.inc"
#undef T
#undef S
#undef V

#define T double
#define S f64
#define V f64x8
#include "channels.inc"
