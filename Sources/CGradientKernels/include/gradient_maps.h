// Elementwise maps z = h(a), and their backward δa = δz·h′(a). Backward, `a` or `z` says which of the two is read.
#pragma once
#include "gradient_dual.h"
#include <stddef.h>

#define GK_DECLARE_MAPS(REAL, S)                                                                   \
  void gk_exp_##S(size_t n, const REAL *a, REAL *z);                                               \
  void gk_log_##S(size_t n, const REAL *a, REAL *z);                                               \
  void gk_sqrt_##S(size_t n, const REAL *a, REAL *z);                                              \
  void gk_relu_##S(size_t n, const REAL *a, REAL *z);                                              \
  void gk_relu_backward_##S(size_t n, const REAL *z, const REAL *dz, REAL *da);                    \
  void gk_leaky_relu_##S(size_t n, REAL slope, const REAL *a, REAL *z);                            \
  void gk_leaky_relu_backward_##S(size_t n, REAL slope, const REAL *a, const REAL *dz, REAL *da);  \
  void gk_hard_tanh_##S(size_t n, const REAL *a, REAL *z);                                         \
  void gk_hard_tanh_backward_##S(size_t n, const REAL *a, const REAL *dz, REAL *da);               \
  void gk_hard_sigmoid_##S(size_t n, const REAL *a, REAL *z);                                      \
  void gk_hard_sigmoid_backward_##S(size_t n, const REAL *a, const REAL *dz, REAL *da);            \
  void gk_sigmoid_##S(size_t n, const REAL *a, REAL *z);                                           \
  void gk_sigmoid_backward_##S(size_t n, const REAL *z, const REAL *dz, REAL *da);                 \
  void gk_tanh_##S(size_t n, const REAL *a, REAL *z);                                              \
  void gk_tanh_backward_##S(size_t n, const REAL *z, const REAL *dz, REAL *da);                    \
  void gk_elu_##S(size_t n, REAL alpha, const REAL *a, REAL *z);                                   \
  void gk_elu_backward_##S(size_t n, REAL alpha, const REAL *a, const REAL *dz, REAL *da);         \
  void gk_celu_##S(size_t n, REAL alpha, const REAL *a, REAL *z);                                  \
  void gk_celu_backward_##S(size_t n, REAL alpha, const REAL *a, const REAL *dz, REAL *da);        \
  void gk_selu_##S(size_t n, const REAL *a, REAL *z);                                              \
  void gk_selu_backward_##S(size_t n, const REAL *a, const REAL *dz, REAL *da);                    \
  void gk_softplus_##S(size_t n, const REAL *a, REAL *z);                                          \
  void gk_softplus_backward_##S(size_t n, const REAL *a, const REAL *dz, REAL *da);                \
  void gk_silu_##S(size_t n, const REAL *a, REAL *z);                                              \
  void gk_silu_backward_##S(size_t n, const REAL *a, const REAL *dz, REAL *da);                    \
  void gk_mish_##S(size_t n, const REAL *a, REAL *z);                                              \
  void gk_mish_backward_##S(size_t n, const REAL *a, const REAL *dz, REAL *da);                    \
  void gk_gelu_##S(size_t n, const REAL *a, REAL *z);                                              \
  void gk_gelu_backward_##S(size_t n, const REAL *a, const REAL *dz, REAL *da);                    \
  void gk_gelu_tanh_##S(size_t n, const REAL *a, REAL *z);                                         \
  void gk_gelu_tanh_backward_##S(size_t n, const REAL *a, const REAL *dz, REAL *da);               \
  /* Rectifiers with a learned slope for each channel of outer × channels × inner elements. */     \
  void gk_prelu_##S(size_t outer, size_t channels, size_t inner, const REAL *slopes,               \
                    const REAL *a, REAL *z);                                                       \
  void gk_prelu_backward_##S(size_t outer, size_t channels, size_t inner, const REAL *slopes,      \
                             const REAL *a, const REAL *dz, REAL *da);                             \
  void gk_prelu_gradient_##S(size_t outer, size_t channels, size_t inner, const REAL *a,           \
                             const REAL *dz, REAL *gradient);

GK_DECLARE_MAPS(float, f32)
GK_DECLARE_MAPS(double, f64)
GK_DECLARE_MAPS(gk_dual, dual)
#undef GK_DECLARE_MAPS
