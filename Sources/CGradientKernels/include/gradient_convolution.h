// Convolutions and pooling over planes: examples × channels × height × width; a line is a plane of height 1.
#pragma once
#include "gradient_dual.h"
#include <stddef.h>
#include <stdint.h>

// From the planes of `channels` to those of `out_channels`: z_o(y, x) = b_o + Σ_c Σ_k w_oc(k) · a_c(y·s + k·d − p), with
// zeros around the planes. Each of the `groups` connects its share of the channels alone.
typedef struct {
  size_t channels, height, width, out_channels, out_height, out_width;
  size_t kernel_height, kernel_width, stride_height, stride_width;
  size_t dilation_height, dilation_width, top, left, groups;
} gk_convolution;

// A window slides over each plane by itself.
typedef struct {
  size_t height, width, out_height, out_width;
  size_t kernel_height, kernel_width, stride_height, stride_width, top, left;
} gk_pooling;

// How many numbers of scratch memory the passes below need to work on `slots` examples at a time, for float and double alike;
// SIZE_MAX where that is more than `most`. Given that much, as `room`, they use no more threads than slots.
size_t gk_convolution_scratch(const gk_convolution *shape, size_t slots, size_t most);

#define GK_DECLARE_CONVOLUTION(REAL, S)                                                            \
  /* The convolution of each example; `bias` may be NULL. */                                       \
  void gk_convolve_##S(const gk_convolution *shape, size_t examples, const REAL *input,            \
                       const REAL *weight, const REAL *bias, REAL *output, REAL *scratch,          \
                       size_t room);                                                               \
  /* Its transpose, from the out_channels back to the channels: what passes δ back, or a layer of */ \
  /* its own, which may have a bias. */                                                            \
  void gk_convolve_transposed_##S(const gk_convolution *shape, size_t examples,                    \
                                  const REAL *output, const REAL *weight, const REAL *bias,        \
                                  REAL *input, REAL *scratch, size_t room);                        \
  /* dE/dw, summed over the examples in an order that depends on the number of threads */         \
  /* alone. */                                                                                     \
  void gk_convolve_backward_weight_##S(const gk_convolution *shape, size_t examples,               \
                                       const REAL *input, const REAL *delta, REAL *gradient,       \
                                       REAL *scratch, size_t slots);                               \
  /* sums_c ← Σ_n Σ_i planes_nci. */                                                               \
  void gk_sum_planes_##S(size_t examples, size_t channels, size_t size, const REAL *planes,        \
                         REAL *sums);                                                              \
  /* The largest of each window; NaN where there is one. δ goes to the first that is the largest. */ \
  void gk_max_pool_##S(const gk_pooling *shape, size_t planes, const REAL *input, REAL *output);   \
  void gk_max_pool_backward_##S(const gk_pooling *shape, size_t planes, const REAL *input,         \
                                const REAL *output, const REAL *delta, REAL *input_delta);         \
  /* The mean of each window, the zeros around the plane included. */                              \
  void gk_average_pool_##S(const gk_pooling *shape, size_t planes, const REAL *input,              \
                           REAL *output);                                                          \
  void gk_average_pool_backward_##S(const gk_pooling *shape, size_t planes, const REAL *delta,     \
                                    REAL *input_delta);                                            \
  /* target ← source, whose axes have these sizes in the target and these steps in the source. */  \
  void gk_permute_##S(size_t rank, const size_t *sizes, const size_t *steps, const REAL *source,   \
                      REAL *target);                                                               \
  /* The same the other way round: where the source lay, target's elements are written. */         \
  void gk_permute_back_##S(size_t rank, const size_t *sizes, const size_t *steps,                  \
                           const REAL *target, REAL *source);

GK_DECLARE_CONVOLUTION(float, f32)
GK_DECLARE_CONVOLUTION(double, f64)
GK_DECLARE_CONVOLUTION(gk_dual, dual)
#undef GK_DECLARE_CONVOLUTION
