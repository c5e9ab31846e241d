#include "convolution.h"

#define REAL float
#define NAME(x) x##_f32
enum { NAME(lanes) = 64 / sizeof(REAL) };
typedef REAL NAME(vector) __attribute__((vector_size(64)));
#define LANES NAME(lanes)
#define VECTOR NAME(vector)
#define FIRST_IN_TURN(a, b) \
  __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
#define LAST_IN_TURN(a, b) \
  __builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)
typedef REAL NAME(half) __attribute__((vector_size(32)));
#define HALF NAME(half)
#define JOINED(a, b) __builtin_shufflevector(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)

// As many as fit into 16 bytes; what lies in pairs is taken apart, and put together again.
enum { NAME(few_lanes) = 16 / sizeof(REAL) };
typedef REAL NAME(few) __attribute__((vector_size(16)));
#define FEW_LANES NAME(few_lanes)
#define FEW NAME(few)
#define EVENS(a, b) __builtin_shufflevector(a, b, 0, 2, 4, 6)
#define ODDS(a, b) __builtin_shufflevector(a, b, 1, 3, 5, 7)
#define FIRST_PAIRS(a, b) __builtin_shufflevector(a, b, 0, 4, 1, 5)
#define LAST_PAIRS(a, b) __builtin_shufflevector(a, b, 2, 6, 3, 7)

#include "convolution.inc"
#include "convolution_backward.inc"
#include "planes.inc"
#include "pooling.inc"
#include "pooling_backward.inc"
