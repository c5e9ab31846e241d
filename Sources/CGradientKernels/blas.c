// The door to OpenBLAS: opened with dlopen on first use, so that the kernels for a CPU it does not know can be chosen
// before its constructor runs, and so that the program works, slower, where it is not installed.
#include "kernels.h"
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static gk_blas table;
static char backend[128] = "plain loops";
static pthread_once_t once = PTHREAD_ONCE_INIT;

#ifdef __APPLE__
static const char *const libraries[] = {"libopenblas.dylib", "/opt/homebrew/opt/openblas/lib/libopenblas.dylib"};
#else
static const char *const libraries[] = {"libopenblas.so.0", "libopenblas.so"};
#endif

// OpenBLAS 0.3.21 does not know AMD's CPUs with AVX-512 and takes Haswell's kernels there, at half the speed.
static const char *better_core(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_is("amd") && __builtin_cpu_supports("avx512f") &&
      __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512vl"))
    return "SkylakeX";
#endif
  return NULL;
}

static void open_blas(void) {
  const char *core = getenv("OPENBLAS_CORETYPE") == NULL ? better_core() : NULL;
  if (core != NULL) setenv("OPENBLAS_CORETYPE", core, 1);
  void *library = NULL;
  for (size_t i = 0; library == NULL && i < sizeof libraries / sizeof *libraries; i++)
    library = dlopen(libraries[i], RTLD_NOW | RTLD_LOCAL);
  if (core != NULL) unsetenv("OPENBLAS_CORETYPE");
  if (library == NULL) return;

  gk_blas found = {(gk_sgemm)dlsym(library, "cblas_sgemm"), (gk_dgemm)dlsym(library, "cblas_dgemm")};
  void (*set_threads)(int) = (void (*)(int))dlsym(library, "openblas_set_num_threads");
  if (found.sgemm == NULL || found.dgemm == NULL || set_threads == NULL) return;
  table = found;
  // The pool splits products, so that no second set of threads competes with its own.
  set_threads(1);
  // "OpenBLAS 0.3.21 NO_LAPACKE DYNAMIC_ARCH …": its name and version, then the core it runs.
  char *(*configuration)(void) = (char *(*)(void))dlsym(library, "openblas_get_config");
  char *(*core_name)(void) = (char *(*)(void))dlsym(library, "openblas_get_corename");
  char name[48] = "OpenBLAS", version[24] = "";
  if (configuration != NULL) sscanf(configuration(), "%47s %23s", name, version);
  snprintf(backend, sizeof backend, "%s %s %s", name, version, core_name ? core_name() : "");
}

const gk_blas *gk_open_blas(void) {
  pthread_once(&once, open_blas);
  return &table;
}

const char *gk_product_backend(void) {
  gk_open_blas();
  return backend;
}
