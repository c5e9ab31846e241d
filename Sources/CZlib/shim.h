#pragma once
#include <zlib.h>

// `deflateInit2` and `inflateInit2` are macros, which Swift does not import.
static inline int gh_inflateInitGzip(z_stream *stream) { return inflateInit2(stream, 15 + 16); }
static inline int gh_deflateInitGzip(z_stream *stream, int level) {
  return deflateInit2(stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
}
static inline int gh_inflateInitRaw(z_stream *stream) { return inflateInit2(stream, -15); }
