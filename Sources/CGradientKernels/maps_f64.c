#include "kernels.h"
#include "vector_math.h"

#define REAL double
#define INT int64_t
#define NAME(x) x##_f64
#define SLEEF_512(function) Sleef_##function##d8_u10avx512f
#define SLEEF_256(function) Sleef_##function##d4_u10avx2
#if defined(__aarch64__)
#define SLEEF_128(function) Sleef_##function##d2_u10advsimd
#else
#define SLEEF_128(function) Sleef_##function##d2_u10sse2
#endif

#include "maps_levels.inc"
