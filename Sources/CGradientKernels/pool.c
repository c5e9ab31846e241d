// A small pool of threads for the loops that are worth splitting.
//
// The parts of a loop depend on its size and the number of threads alone, never on who is free, so that sums come out the
// same in every run. Part 0 is the caller's. Whoever has time takes the others, the caller too when it is done with its
// own: it never waits for a thread that hasn't woken up. A worker looks for work for some microseconds, the length of
// what lies between two products, before it sleeps.
#include "kernels.h"
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <time.h>
#include <unistd.h>

enum { MOST_THREADS = 64, SPIN_NANOSECONDS = 50000 };

// The job's number in the upper half, and in the lower one how many of its parts nobody has taken. Taking one is a
// compare-and-swap, which fails for who has read an older job.
static _Atomic uint64_t board;
#define PARTS_LEFT(board) ((uint32_t)(board))
static _Atomic uint32_t unfinished;

// The job. It is only written while no part of an older one is left, and what a worker read of it counts only if it then
// gets a part.
static _Atomic gk_task job_task;
static _Atomic(void *) job_context;
static _Atomic size_t job_count;
static _Atomic size_t job_parts;

static atomic_flag is_busy = ATOMIC_FLAG_INIT;
static _Atomic int wanted_threads;
static int workers;  // Those that run; written only by who holds is_busy.

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t work_is_there = PTHREAD_COND_INITIALIZER;
static pthread_cond_t all_is_done = PTHREAD_COND_INITIALIZER;
static _Atomic int sleepers;
static _Atomic bool caller_sleeps;

static void run_part(gk_task task, void *context, size_t count, size_t parts, size_t part) {
  task(context, count * part / parts, count * (part + 1) / parts);
}

// Runs a part that nobody has taken; false if there is none.
static bool take_part(void) {
  uint64_t seen = atomic_load(&board);
  while (PARTS_LEFT(seen) > 0) {
    gk_task task = atomic_load_explicit(&job_task, memory_order_relaxed);
    void *context = atomic_load_explicit(&job_context, memory_order_relaxed);
    size_t count = atomic_load_explicit(&job_count, memory_order_relaxed);
    size_t parts = atomic_load_explicit(&job_parts, memory_order_relaxed);
    if (!atomic_compare_exchange_strong(&board, &seen, seen - 1)) continue;
    run_part(task, context, count, parts, PARTS_LEFT(seen));
    if (atomic_fetch_sub(&unfinished, 1) == 1 && atomic_load(&caller_sleeps)) {
      pthread_mutex_lock(&mutex);
      pthread_cond_signal(&all_is_done);
      pthread_mutex_unlock(&mutex);
    }
    return true;
  }
  return false;
}

static inline void relax(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

static int64_t nanoseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static bool parts_are_left(void) { return PARTS_LEFT(atomic_load(&board)) > 0; }
static bool all_are_finished(void) { return atomic_load(&unfinished) == 0; }

// Looks for `condition` until some microseconds have passed.
static bool spin_until(bool (*condition)(void)) {
  for (int64_t end = nanoseconds() + SPIN_NANOSECONDS; nanoseconds() < end;)
    for (int i = 0; i < 16; i++) {
      if (condition()) return true;
      relax();
    }
  return false;
}

static void *work(void *unused) {
  for (;;) {
    while (take_part()) {}
    if (spin_until(parts_are_left)) continue;
    pthread_mutex_lock(&mutex);
    atomic_fetch_add(&sleepers, 1);
    while (!parts_are_left()) pthread_cond_wait(&work_is_there, &mutex);
    atomic_fetch_sub(&sleepers, 1);
    pthread_mutex_unlock(&mutex);
  }
  return unused;
}

// A child of fork has none of the threads; it begins anew.
static void forget_workers(void) {
  workers = 0;
  atomic_store(&board, 0);
  atomic_store(&unfinished, 0);
  atomic_store(&sleepers, 0);
  atomic_flag_clear(&is_busy);
  pthread_mutex_init(&mutex, NULL);
  pthread_cond_init(&work_is_there, NULL);
  pthread_cond_init(&all_is_done, NULL);
}

static void prepare_for_fork(void) { pthread_atfork(NULL, NULL, forget_workers); }

static void start_workers(int needed) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, prepare_for_fork);
  // Signals are the program's own threads' affair.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  for (; workers < needed; workers++) {
    pthread_t thread;
    // Where no more threads are to be had, the caller does their parts.
    if (pthread_create(&thread, NULL, work, NULL) != 0) break;
    pthread_detach(thread);
  }
  pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static void wait_for_the_others(void) {
  if (spin_until(all_are_finished)) return;
  pthread_mutex_lock(&mutex);
  atomic_store(&caller_sleeps, true);
  while (!all_are_finished()) pthread_cond_wait(&all_is_done, &mutex);
  atomic_store(&caller_sleeps, false);
  pthread_mutex_unlock(&mutex);
}

static int within_limits(int threads) {
  return threads < 1 ? 1 : threads > MOST_THREADS ? MOST_THREADS : threads;
}

int gk_threads(void) {
  int threads = atomic_load_explicit(&wanted_threads, memory_order_relaxed);
  if (threads == 0) {
    threads = within_limits((int)sysconf(_SC_NPROCESSORS_ONLN));
    atomic_store(&wanted_threads, threads);
  }
  return threads;
}

void gk_set_threads(int threads) {
  gk_open_blas();
  atomic_store(&wanted_threads, within_limits(threads));
}

void gk_parallel(size_t count, size_t grain, gk_task task, void *context) {
  // Most loops are short; for them even the division below takes its time.
  size_t threads = count < 2 * grain ? 1 : (size_t)gk_threads();
  size_t parts = threads == 1 ? 1 : grain > 0 ? count / grain : count;
  if (parts > threads) parts = threads;
  if (parts <= 1) {
    if (count > 0) task(context, 0, count);
    return;
  }
  // A call from within a task, or beside another caller's job, runs its parts one after the other.
  if (atomic_flag_test_and_set(&is_busy)) {
    for (size_t part = 0; part < parts; part++) run_part(task, context, count, parts, part);
    return;
  }
  if (workers < (int)parts - 1) start_workers((int)parts - 1);
  atomic_store_explicit(&job_task, task, memory_order_relaxed);
  atomic_store_explicit(&job_context, context, memory_order_relaxed);
  atomic_store_explicit(&job_count, count, memory_order_relaxed);
  atomic_store_explicit(&job_parts, parts, memory_order_relaxed);
  atomic_store(&unfinished, (uint32_t)parts - 1);
  uint64_t job = (atomic_load(&board) >> 32) + 1;
  atomic_store(&board, job << 32 | (uint32_t)(parts - 1));
  if (atomic_load(&sleepers) > 0) {
    pthread_mutex_lock(&mutex);
    pthread_cond_broadcast(&work_is_there);
    pthread_mutex_unlock(&mutex);
  }
  run_part(task, context, count, parts, 0);
  while (take_part()) {}
  wait_for_the_others();
  atomic_flag_clear(&is_busy);
}
