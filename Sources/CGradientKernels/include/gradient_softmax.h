// Softmax over the rows of a matrix, its logarithm, and the cross-entropy of it.
#pragma once
#include "gradient_dual.h"
#include <stddef.h>
#include <stdint.h>

#define GK_DECLARE_SOFTMAX(REAL, S)                                                                \
  void gk_softmax_##S(size_t rows, size_t columns, const REAL *a, REAL *z);                        \
  void gk_softmax_backward_##S(size_t rows, size_t columns, const REAL *z, const REAL *dz,         \
                               REAL *da);                                                          \
  void gk_log_softmax_##S(size_t rows, size_t columns, const REAL *a, REAL *z);                    \
  void gk_log_softmax_backward_##S(size_t rows, size_t columns, const REAL *z, const REAL *dz,     \
                                   REAL *da);                                                      \
  /* e^(a − the largest of its row), and the sums of such rows beside what is largest. */          \
  void gk_shifted_exponentials_##S(size_t rows, size_t columns, const REAL *a, REAL *z);           \
  void gk_sums_of_exponentials_##S(size_t rows, size_t columns, const REAL *a, REAL *sums,         \
                                   REAL *largest);                                                 \
  /* E_n of each row, and dE_n/dy times `scale`. */                                                \
  void gk_softmax_cross_entropy_##S(size_t rows, size_t classes, const REAL *logits,               \
                                    const int32_t *targets, REAL *errors);                         \
  void gk_softmax_cross_entropy_backward_##S(size_t rows, size_t classes, REAL scale,              \
                                             const REAL *logits, const int32_t *targets,           \
                                             REAL *delta);

GK_DECLARE_SOFTMAX(float, f32)
GK_DECLARE_SOFTMAX(double, f64)
GK_DECLARE_SOFTMAX(gk_dual, dual)
#undef GK_DECLARE_SOFTMAX
