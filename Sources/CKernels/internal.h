#ifndef CK_INTERNAL_H
#define CK_INTERNAL_H

#include "CKernels.h"

/* One source, three instruction sets, chosen when the program is loaded. Not arch=skylake-avx512: that spelling
   compiles 512-bit tiles several times slower. */
#if defined(__x86_64__) && defined(__linux__)
#define CK_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CK_CLONES
#endif
#define CK_EACH _Pragma("clang loop vectorize(assume_safety)")
#define CK_UNROLL _Pragma("clang loop unroll(full)")
#define CK_INLINE static inline __attribute__((always_inline))

/* 64-byte vectors that may be loaded from any address; narrower machines split them. */
typedef float f32x16 __attribute__((vector_size(64), aligned(4)));
typedef float f32x8 __attribute__((vector_size(32), aligned(4)));
typedef float f32x4 __attribute__((vector_size(16), aligned(4)));
typedef double f64x8 __attribute__((vector_size(64), aligned(8)));
typedef double f64x4 __attribute__((vector_size(32), aligned(8)));
typedef double f64x2 __attribute__((vector_size(16), aligned(8)));

#endif
