#include "internal.h"

enum { CK_DFT_ROWS = 6 }; /* rows of a tile, of cosines and of sines */

#define T float
#define S f32
#define V f32x16
#define W f32x8
#include "dft.inc"
#undef T
#undef S
#undef V
#undef W

#define T double
#define S f64
#define V f64x8
#define W f64x4
#include "dft.inc"
