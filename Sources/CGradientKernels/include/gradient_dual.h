// Dual numbers: a value with its derivatives in a few directions, which +, −, ×, ÷ and the elementary functions carry
// along by the chain rule, exactly: there is no step, and nothing of the backward passes is touched (Griewank and
// Walther, Evaluating Derivatives, 2008, chapter 3). dual.hpp has their arithmetic.
#pragma once
#include <stddef.h>

// As many directions as fill a cache line together with the value.
enum { GK_DIRECTIONS = 7 };

#ifdef __cplusplus
struct gk_dual;
#else
typedef struct {
  double value;
  double tangents[GK_DIRECTIONS];
} gk_dual;

// sums_d ← Σ_i w_i ẋ_i along each direction d.
void gk_weigh_tangents(size_t n, const gk_dual *x, const double *weights, double *sums);
#endif
