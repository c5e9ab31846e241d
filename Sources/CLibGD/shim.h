#pragma once
#include <gd.h>
#include <gdfonts.h>

// gd takes `char *` for text that it only reads, which Swift cannot pass from a constant string.
static inline char *gh_gdImageStringFT(gdImagePtr image, int *bounds, int color, const char *font,
                                       double points, double angle, int x, int y, const char *text) {
  return gdImageStringFT(image, bounds, color, (char *)font, points, angle, x, y, (char *)text);
}

static inline void gh_gdImageString(gdImagePtr image, gdFontPtr font, int x, int y,
                                    const char *text, int color) {
  gdImageString(image, font, x, y, (unsigned char *)text, color);
}
