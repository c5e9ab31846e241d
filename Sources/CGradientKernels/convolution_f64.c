#include "convolution.h"

#define REAL double
#define NAME(x) x##_f64
enum { NAME(lanes) = 64 / sizeof(REAL) };
typedef REAL NAME(vector) __attribute__((vector_size(64)));
#define LANES NAME(lanes)
#define VECTOR NAME(vector)
#define FIRST_IN_TURN(a, b) \
  __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11)
#define LAST_IN_TURN(a, b) \
  __builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15)
typedef REAL NAME(half) __attribute__((vector_size(32)));
#define HALF NAME(half)
#define JOINED(a, b) __builtin_shufflevector(a, b, 0, 1, 2, 3, 4, 5, 6, 7)

// As many as fit into 16 bytes; what lies in pairs is taken apart, and put together again.
enum { NAME(few_lanes) = 16 / sizeof(REAL) };
typedef REAL NAME(few) __attribute__((vector_size(16)));
#define FEW_LANES NAME(few_lanes)
#define FEW NAME(few)
#define EVENS(a, b) __builtin_shufflevector(a, b, 0, 2)
#define ODDS(a, b) __builtin_shufflevector(a, b, 1, 3)
#define FIRST_PAIRS(a, b) __builtin_shufflevector(a, b, 0, 2)
#define LAST_PAIRS(a, b) __builtin_shufflevector(a, b, 1, 3)

#include "convolution.inc"
#include "convolution_backward.inc"
#include "planes.inc"
#include "pooling.inc"
#include "pooling_backward.inc"
