// Normalization to mean 0 and variance 1: over slices of one example, and over a batch.
#pragma once
#include "gradient_dual.h"
#include <stddef.h>

// Slices that are normalized each by itself: `slices` an example, each of `channels` × `extent` contiguous values. Each
// channel has a weight and a bias of its own; slice s takes those of group s mod `groups`.
typedef struct {
  size_t examples, slices, groups, channels, extent;
  // Whether the mean is taken off; otherwise the variance is the mean square.
  int is_centered;
  double epsilon;
} gk_group_norm_shape;

// A batch of examples × channels × extent, of which each channel is normalized over the others.
typedef struct {
  size_t examples, channels, extent;
  // Whether the statistics are the batch's; otherwise they are given and constant.
  int takes_statistics;
  double epsilon;
} gk_batch_norm_shape;

#define GK_DECLARE_NORMALIZATION(REAL, S)                                                          \
  /* y = (x − mean)/√(variance + ε) · weight + bias; writes the statistics of each slice. */       \
  void gk_group_norm_##S(gk_group_norm_shape shape, const REAL *x, const REAL *weight,             \
                         const REAL *bias, REAL *mean, REAL *variance, REAL *y);                   \
  /* `partials` has room for examples × 2 × groups × channels. */                                  \
  void gk_group_norm_backward_##S(gk_group_norm_shape shape, const REAL *x, const REAL *weight,    \
                                  const REAL *mean, const REAL *variance, const REAL *dy,          \
                                  REAL *dx, REAL *partials, REAL *dweight, REAL *dbias);           \
  void gk_batch_norm_##S(gk_batch_norm_shape shape, const REAL *x, const REAL *weight,             \
                         const REAL *bias, REAL *mean, REAL *variance, REAL *y);                   \
  void gk_batch_norm_backward_##S(gk_batch_norm_shape shape, const REAL *x, const REAL *weight,    \
                                  const REAL *mean, const REAL *variance, const REAL *dy,          \
                                  REAL *dx, REAL *dweight, REAL *dbias);                           \
  /* running ← (1 − momentum) · running + momentum · the mean over the rows of the statistics, the \
     variance times n/(n − 1), n being the number of values that it was taken of. */               \
  void gk_move_statistics_##S(size_t rows, size_t channels, size_t n, REAL momentum,               \
                              const REAL *mean, const REAL *variance, REAL *running_mean,          \
                              REAL *running_variance);

GK_DECLARE_NORMALIZATION(float, f32)
GK_DECLARE_NORMALIZATION(double, f64)
GK_DECLARE_NORMALIZATION(gk_dual, dual)
#undef GK_DECLARE_NORMALIZATION
