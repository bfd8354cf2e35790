#include <zlib.h>

/* `inflateInit` is a macro. */
static inline int pde_zlib_inflate_init(z_stream *stream) { return inflateInit(stream); }
