#include "convolution.h"

#define REAL double
#define NAME(x) x##_f64
enum { NAME(lanes) = 64 / sizeof(REAL) };
typedef REAL NAME(vector) __attribute__((vector_size(64)));
#define LANES NAME(lanes)
#define VECTOR NAME(vector)

#include "convolution.inc"
#include "convolution_backward.inc"
#include "planes.inc"
#include "pooling.inc"
#include "pooling_backward.inc"
