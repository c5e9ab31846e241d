// Dropout: which elements are dropped follows from a seed, the example and the element's place in it, so that nothing
// needs to be kept for the backward pass, which is the same function of δ.
#pragma once
#include "gradient_dual.h"
#include <stddef.h>
#include <stdint.h>

// `runs` × `length` values an example; a run is kept or dropped as a whole. Dropped is one below `threshold` of 2³¹.
typedef struct {
  size_t examples, runs, length;
  uint64_t seed;
  uint32_t threshold;
} gk_dropout_shape;

#define GK_DECLARE_DROPOUT(REAL, S)                                                                \
  /* z = a · scale where a run is kept, else 0. */                                                 \
  void gk_dropout_##S(gk_dropout_shape shape, REAL scale, const REAL *a, REAL *z);

GK_DECLARE_DROPOUT(float, f32)
GK_DECLARE_DROPOUT(double, f64)
GK_DECLARE_DROPOUT(gk_dual, dual)
#undef GK_DECLARE_DROPOUT
