#include <fftw3.h>

/* fftw_version is an array without a size, which Swift cannot import. */
static inline const char *cfftw_version(void) { return fftw_version; }
