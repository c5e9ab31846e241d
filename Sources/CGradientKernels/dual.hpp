// The arithmetic of dual numbers, so that the sources which are written over REAL compile with them.
#pragma once
#include "gradient_dual.h"
#include <math.h>
#include <stddef.h>
#include <string.h>

#pragma clang diagnostic ignored "-Wpsabi"

#define GK_INLINE inline __attribute__((always_inline))

struct gk_dual {
  // The value in the first lane, the derivatives in the others.
  typedef double lanes __attribute__((vector_size(64)));

  double value;
  double tangents[GK_DIRECTIONS];

  gk_dual() = default;
  // A constant.
  GK_INLINE gk_dual(double value) : value(value), tangents{} {}
  // A function of `a` that has this value and this slope there.
  static GK_INLINE gk_dual mapped(const gk_dual &a, double value, double slope) {
    lanes z = a.all() * slope;
    z[0] = value;
    return gk_dual(z);
  }

  GK_INLINE lanes all() const {
    lanes result;
    memcpy(&result, this, sizeof result);
    return result;
  }
  explicit GK_INLINE gk_dual(lanes all) { memcpy((void *)this, &all, sizeof all); }
  explicit GK_INLINE operator size_t() const { return (size_t)value; }
  explicit GK_INLINE operator double() const { return value; }

  GK_INLINE gk_dual operator-() const { return gk_dual(-all()); }
  GK_INLINE gk_dual &operator+=(const gk_dual &b) { return *this = gk_dual(all() + b.all()); }
  GK_INLINE gk_dual &operator-=(const gk_dual &b) { return *this = gk_dual(all() - b.all()); }
  GK_INLINE gk_dual &operator*=(const gk_dual &b);
};

GK_INLINE gk_dual operator+(const gk_dual &a, const gk_dual &b) {
  return gk_dual(a.all() + b.all());
}
GK_INLINE gk_dual operator-(const gk_dual &a, const gk_dual &b) {
  return gk_dual(a.all() - b.all());
}
GK_INLINE gk_dual operator*(const gk_dual &a, const gk_dual &b) {
  gk_dual::lanes product = a.value * b.all() + b.value * a.all();
  product[0] = a.value * b.value;
  return gk_dual(product);
}
// (a/b)˙ = (ȧ − (a/b) ḃ)/b
GK_INLINE gk_dual operator/(const gk_dual &a, const gk_dual &b) {
  double value = a.value / b.value;
  gk_dual::lanes quotient = (a.all() - value * b.all()) / b.value;
  quotient[0] = value;
  return gk_dual(quotient);
}
GK_INLINE gk_dual &gk_dual::operator*=(const gk_dual &b) { return *this = *this * b; }

// Comparisons look at the values; which way one goes is a decision that may bend the function.
GK_INLINE bool operator<(const gk_dual &a, const gk_dual &b) { return a.value < b.value; }
GK_INLINE bool operator>(const gk_dual &a, const gk_dual &b) { return a.value > b.value; }
GK_INLINE bool operator<=(const gk_dual &a, const gk_dual &b) { return a.value <= b.value; }
GK_INLINE bool operator>=(const gk_dual &a, const gk_dual &b) { return a.value >= b.value; }
GK_INLINE bool operator==(const gk_dual &a, const gk_dual &b) { return a.value == b.value; }
GK_INLINE bool operator!=(const gk_dual &a, const gk_dual &b) { return a.value != b.value; }

GK_INLINE gk_dual exp(const gk_dual &a) {
  double z = exp(a.value);
  return gk_dual::mapped(a, z, z);
}
GK_INLINE gk_dual expm1(const gk_dual &a) {
  return gk_dual::mapped(a, expm1(a.value), exp(a.value));
}
GK_INLINE gk_dual log(const gk_dual &a) {
  return gk_dual::mapped(a, log(a.value), 1 / a.value);
}
GK_INLINE gk_dual log1p(const gk_dual &a) {
  return gk_dual::mapped(a, log1p(a.value), 1 / (1 + a.value));
}
GK_INLINE gk_dual tanh(const gk_dual &a) {
  // 1/cosh², which keeps its digits where 1 − tanh² has none left.
  double cosine = cosh(a.value);
  return gk_dual::mapped(a, tanh(a.value), 1 / cosine / cosine);
}
GK_INLINE gk_dual erf(const gk_dual &a) {
  const double two_over_sqrt_pi = 1.1283791670955125739;
  return gk_dual::mapped(a, erf(a.value), two_over_sqrt_pi * exp(-a.value * a.value));
}
GK_INLINE gk_dual sqrt(const gk_dual &a) {
  double z = sqrt(a.value);
  return gk_dual::mapped(a, z, 0.5 / z);
}
