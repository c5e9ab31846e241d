// The door to OpenBLAS: opened with dlopen, so that the kernels for a CPU it does not know can be chosen before its
// constructor runs, and so that the program works, slower, where it is not installed. It is opened on first use;
// gk_set_threads is one, so a program that sets its threads before it starts any has the environment for itself then.
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

gk_cpu gk_this_cpu(void) {
  gk_cpu cpu = {0};
#if defined(__x86_64__)
  __builtin_cpu_init();
  cpu.is_amd = __builtin_cpu_is("amd") != 0;
  cpu.has_avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                   __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
#endif
  return cpu;
}

// OpenBLAS 0.3.21 does not know AMD's CPUs with AVX-512 and takes Haswell's kernels there, at half the speed.
const char *gk_better_core(gk_cpu cpu) { return cpu.is_amd && cpu.has_avx512 ? "SkylakeX" : NULL; }

bool gk_core_multiplies_in_place(const char *core) {
  // Those with AVX-512, since 0.3.17.
  static const char *const cores[] = {"SkylakeX", "Cooperlake", "SapphireRapids"};
  for (size_t i = 0; i < sizeof cores / sizeof *cores; i++)
    if (strcmp(core, cores[i]) == 0) return true;
  return false;
}

// OpenBLAS reads its settings from the environment, and only while it is loaded. What the user has set stays.
static void *load_with(const char *core) {
  bool sets_core = core != NULL && getenv("OPENBLAS_CORETYPE") == NULL;
  bool sets_threads = getenv("OPENBLAS_NUM_THREADS") == NULL;
  if (sets_core) setenv("OPENBLAS_CORETYPE", core, 1);
  if (sets_threads) setenv("OPENBLAS_NUM_THREADS", "1", 1);
  void *library = NULL;
  for (size_t i = 0; library == NULL && i < sizeof libraries / sizeof *libraries; i++)
    library = dlopen(libraries[i], RTLD_NOW | RTLD_LOCAL);
  if (sets_core) unsetenv("OPENBLAS_CORETYPE");
  if (sets_threads) unsetenv("OPENBLAS_NUM_THREADS");
  return library;
}

static void open_blas(void) {
  void *library = load_with(gk_better_core(gk_this_cpu()));
  if (library == NULL) return;

  gk_blas found = {(gk_sgemm)dlsym(library, "cblas_sgemm"), (gk_dgemm)dlsym(library, "cblas_dgemm"),
                   false};
  void (*set_threads)(int) = (void (*)(int))dlsym(library, "openblas_set_num_threads");
  if (found.sgemm == NULL || found.dgemm == NULL || set_threads == NULL) return;
  char *(*core_name)(void) = (char *(*)(void))dlsym(library, "openblas_get_corename");
  found.multiplies_in_place = core_name != NULL && gk_core_multiplies_in_place(core_name());
  table = found;
  // The pool splits products, so that no second set of threads competes with its own.
  set_threads(1);
  // "OpenBLAS 0.3.21 NO_LAPACKE DYNAMIC_ARCH …": its name and version, then the core it runs.
  char *(*configuration)(void) = (char *(*)(void))dlsym(library, "openblas_get_config");
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
