// The door to libgd: opened on first use, since it brings two dozen libraries of picture formats with it. Linked, they
// took 8 ms of every start and 7 MB, of commands that draw nothing too.
#include "CLibGD.h"
#include <dlfcn.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

static gh_gd table;
static bool is_open;
static pthread_once_t once = PTHREAD_ONCE_INIT;

#ifdef __APPLE__
static const char *const libraries[] = {"libgd.3.dylib", "/opt/homebrew/opt/gd/lib/libgd.3.dylib"};
#else
static const char *const libraries[] = {"libgd.so.3", "libgd.so"};
#endif

// Each member of the table beside the name of its function, in the table's order.
static const char *const names[] = {
    "gdImageCreateTrueColor", "gdImageCreate",          "gdImageColorAllocate", "gdImageDestroy",
    "gdImageFilledPolygon",   "gdImageFilledEllipse",   "gdImageGetTrueColorPixel",
    "gdImagePngPtrEx",        "gdFree",                 "gdFontGetSmall",
    "gdImageString",          "gdImageStringFT"};
_Static_assert(sizeof table == sizeof names, "one name for each function of the table");

static void open_gd(void) {
  void *library = NULL;
  for (size_t i = 0; library == NULL && i < sizeof libraries / sizeof *libraries; i++)
    library = dlopen(libraries[i], RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) return;
  void **functions = (void **)&table;
  is_open = true;
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    functions[i] = dlsym(library, names[i]);
    is_open = is_open && functions[i] != NULL;
  }
}

const gh_gd *gh_open_gd(void) {
  pthread_once(&once, open_gd);
  return is_open ? &table : NULL;
}
