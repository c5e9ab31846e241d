#pragma once
#include <gd.h>
#include <gdfonts.h>

// Only the table's functions are said to be there; gd's own pointers say nothing.
#pragma clang diagnostic ignored "-Wnullability-completeness"

// The functions of libgd that draw charts. gd takes `char *` for text that it only reads; here it is constant.
typedef struct {
  __typeof__(gdImageCreateTrueColor) *_Nonnull createTrueColor;
  __typeof__(gdImageCreate) *_Nonnull createPalette;
  __typeof__(gdImageColorAllocate) *_Nonnull allocateColor;
  __typeof__(gdImageDestroy) *_Nonnull destroy;
  __typeof__(gdImageFilledPolygon) *_Nonnull filledPolygon;
  __typeof__(gdImageFilledEllipse) *_Nonnull filledEllipse;
  __typeof__(gdImageGetTrueColorPixel) *_Nonnull trueColorPixel;
  __typeof__(gdImagePngPtrEx) *_Nonnull png;
  __typeof__(gdFree) *_Nonnull free;
  __typeof__(gdFontGetSmall) *_Nonnull smallFont;
  void (*_Nonnull string)(gdImagePtr image, gdFontPtr font, int x, int y, const char *text, int color);
  char *(*_Nonnull stringFT)(gdImagePtr image, int *bounds, int color, const char *font, double points,
                             double angle, int x, int y, const char *text);
} gh_gd;

/// The functions, once the library is found and opened; NULL where it isn't installed.
const gh_gd *_Nullable gh_open_gd(void);
