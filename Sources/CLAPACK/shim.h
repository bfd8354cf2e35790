/* Complex numbers as plain structs: Swift cannot import C99 complex. lapack_int is a macro: use Int32 in Swift. */
#define LAPACK_COMPLEX_STRUCTURE
#include <cblas.h>
#include <lapacke.h>
