// The passes of the optimizers over one parameter, each with the statistics of gradient, weights and update.
#pragma once
#include "gradient_kernels.h"

// What one pass finds: W after the update, ΔW, and the gradient as it was given, before clipping.
typedef struct {
  double weight_sum_of_squares, update_sum_of_squares;
  uint64_t weight_non_finite;
  gk_summary gradient;
} gk_update_summary;

// What every pass is told: the rate α, the weight decay λ, and how the gradient is clipped: multiplied by a factor, then
// limited in magnitude.
typedef struct {
  double rate, decay, factor, limit;
} gk_step;

typedef struct {
  double momentum;
  int nesterov;
} gk_momentum;

typedef struct {
  double beta1, beta2, epsilon;
  // 1 − β₁ᵗ and 1 − β₂ᵗ.
  double correction1, correction2;
  // Whether λw is subtracted from the weights instead of being added to the gradient.
  int decoupled;
} gk_adam;

typedef struct {
  double alpha, epsilon, momentum;
} gk_rmsprop;

// Each function updates the weights and what it keeps from step to step; a null pointer stands for what it doesn't keep.
#define GK_DECLARE_OPTIMIZERS(REAL, S)                                                             \
  gk_update_summary gk_momentum_##S(size_t n, gk_step step, gk_momentum settings,                  \
                                    const REAL *gradient, REAL *weights, REAL *velocity);          \
  gk_update_summary gk_adam_##S(size_t n, gk_step step, gk_adam settings, const REAL *gradient,    \
                                REAL *weights, REAL *mean, REAL *square, REAL *largest);           \
  gk_update_summary gk_rmsprop_##S(size_t n, gk_step step, gk_rmsprop settings,                    \
                                   const REAL *gradient, REAL *weights, REAL *square, REAL *mean,  \
                                   REAL *velocity);                                                \
  gk_update_summary gk_adagrad_##S(size_t n, gk_step step, double epsilon, const REAL *gradient,   \
                                   REAL *weights, REAL *sum);                                      \
  gk_update_summary gk_adadelta_##S(size_t n, gk_step step, double rho, double epsilon,            \
                                    const REAL *gradient, REAL *weights, REAL *square,             \
                                    REAL *change);                                                 \
  gk_update_summary gk_lion_##S(size_t n, gk_step step, double beta1, double beta2,                \
                                const REAL *gradient, REAL *weights, REAL *mean);                  \
  /* g ← g + l1·sign(w) + l2·w; Σ|w| and Σw². */                                                   \
  void gk_regularize_##S(size_t n, double l1, double l2, const REAL *weights, REAL *gradient,      \
                         double *magnitudes, double *squares);

GK_DECLARE_OPTIMIZERS(float, f32)
GK_DECLARE_OPTIMIZERS(double, f64)
#undef GK_DECLARE_OPTIMIZERS
