/// Random numbers as a function of (key, stream, sample, index); see RandomStream in Tensors.
#ifndef CKERNELS_RANDOM_H
#define CKERNELS_RANDOM_H

/// Standard normal numbers at the indices first, first + step, ... (modulo 2^64), count of them. Every machine gives the
/// same bits: nothing is contracted, and logarithm and cosine are the kernel's own, within 2 units in the last place.
void ck_normals(uint64_t key, uint32_t sample, uint32_t purpose, uint64_t first, uint64_t step, long count,
                double *out);

#endif
