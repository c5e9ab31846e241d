// Losses: E_n of each row of outputs, and dE_n/dy times `scale`.
#pragma once
#include "gradient_dual.h"
#include <stddef.h>
#include <stdint.h>

// A function of an output and its target, which `factor` times the sum over a row is; `p` is its parameter.
#define GK_DECLARE_ELEMENTWISE_LOSS(loss, REAL, S)                                                 \
  void gk_##loss##_##S(size_t rows, size_t columns, REAL factor, REAL p, const REAL *outputs,      \
                       const REAL *targets, REAL *errors);                                         \
  void gk_##loss##_backward_##S(size_t n, REAL scale, REAL p, const REAL *outputs,                 \
                                const REAL *targets, REAL *delta);

#define GK_DECLARE_LOSSES(REAL, S)                                                                 \
  GK_DECLARE_ELEMENTWISE_LOSS(squared_error, REAL, S)                                              \
  GK_DECLARE_ELEMENTWISE_LOSS(absolute_error, REAL, S)                                             \
  GK_DECLARE_ELEMENTWISE_LOSS(huber, REAL, S)                                                      \
  GK_DECLARE_ELEMENTWISE_LOSS(binary_cross_entropy, REAL, S)                                       \
  GK_DECLARE_ELEMENTWISE_LOSS(poisson, REAL, S)                                                    \
  GK_DECLARE_ELEMENTWISE_LOSS(hinge, REAL, S)                                                      \
  GK_DECLARE_ELEMENTWISE_LOSS(kl_divergence, REAL, S)                                              \
  void gk_cosine_distance_##S(size_t rows, size_t columns, const REAL *outputs,                    \
                              const REAL *targets, REAL *errors);                                  \
  void gk_cosine_distance_backward_##S(size_t rows, size_t columns, REAL scale,                    \
                                       const REAL *outputs, const REAL *targets, REAL *delta);     \
  /* Class numbers as targets; `weights` has a number for each class, or is null. */               \
  void gk_smoothed_cross_entropy_##S(size_t rows, size_t classes, REAL smoothing,                  \
                                     const double *weights, const REAL *logits,                    \
                                     const int32_t *targets, REAL *errors);                        \
  void gk_smoothed_cross_entropy_backward_##S(size_t rows, size_t classes, REAL smoothing,         \
                                              const double *weights, REAL scale,                   \
                                              const REAL *logits, const int32_t *targets,          \
                                              REAL *delta);                                        \
  void gk_negative_log_likelihood_##S(size_t rows, size_t classes, const double *weights,          \
                                      const REAL *outputs, const int32_t *targets, REAL *errors);  \
  void gk_negative_log_likelihood_backward_##S(size_t rows, size_t classes, const double *weights, \
                                               REAL scale, const int32_t *targets, REAL *delta);

GK_DECLARE_LOSSES(float, f32)
GK_DECLARE_LOSSES(double, f64)
GK_DECLARE_LOSSES(gk_dual, dual)
#undef GK_DECLARE_LOSSES
#undef GK_DECLARE_ELEMENTWISE_LOSS
