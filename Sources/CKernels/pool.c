/* A pool that spins about a millisecond before it sleeps: waking a sleeping thread costs tens of microseconds, as much
   as the work it would be given. Indices are handed out one by one; who takes which does not change any result. */
#include "internal.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <time.h>

enum { maximumThreads = 256 };

static struct {
  pthread_mutex_t gate;      /* one parallel region at a time */
  pthread_mutex_t sleepLock; /* guards the wake-up */
  pthread_cond_t wake;
  int started;
  atomic_int threads;
  atomic_long generation;
  atomic_long next;
  atomic_int running;
  long count;
  int participants;
  void (*body)(void *, long);
  void *context;
} pool = {.gate = PTHREAD_MUTEX_INITIALIZER,
          .sleepLock = PTHREAD_MUTEX_INITIALIZER,
          .wake = PTHREAD_COND_INITIALIZER,
          .threads = 1};

static _Thread_local bool insideRegion = false;

/* The generation at which each worker was born: it must wait for the next one. */
static long firstGeneration[maximumThreads];

static inline void relax(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

static long nanoseconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000L + t.tv_nsec;
}

static void drain(void) {
  for (;;) {
    long index = atomic_fetch_add_explicit(&pool.next, 1, memory_order_relaxed);
    if (index >= pool.count) return;
    pool.body(pool.context, index);
  }
}

static void *worker(void *argument) {
  const int rank = (int)(long)argument;
  const long spinNanoseconds = 1000000;
  long seen = firstGeneration[rank];
  insideRegion = true;
  for (;;) {
    long start = nanoseconds();
    int spins = 0;
    while (atomic_load_explicit(&pool.generation, memory_order_acquire) == seen) {
      relax();
      if (++spins % 256 == 0 && nanoseconds() - start > spinNanoseconds) {
        pthread_mutex_lock(&pool.sleepLock);
        while (atomic_load_explicit(&pool.generation, memory_order_acquire) == seen)
          pthread_cond_wait(&pool.wake, &pool.sleepLock);
        pthread_mutex_unlock(&pool.sleepLock);
      }
    }
    seen = atomic_load_explicit(&pool.generation, memory_order_acquire);
    if (rank < pool.participants) drain();
    atomic_fetch_sub_explicit(&pool.running, 1, memory_order_release);
  }
  return 0;
}

void ck_set_threads(int count) {
  if (count < 1) count = 1;
  if (count > maximumThreads) count = maximumThreads;
  atomic_store(&pool.threads, count);
}

int ck_threads(void) { return atomic_load(&pool.threads); }

void ck_parallel(long count, void (*body)(void *, long), void *context) {
  int threads = atomic_load(&pool.threads);
  if (count <= 1 || threads <= 1 || insideRegion) {
    for (long i = 0; i < count; i++) body(context, i);
    return;
  }
  pthread_mutex_lock(&pool.gate);
  while (pool.started < threads - 1) {
    pthread_t thread;
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, 8L << 20);
    firstGeneration[pool.started + 1] = atomic_load(&pool.generation);
    int failed = pthread_create(&thread, &attributes, worker, (void *)(long)(pool.started + 1));
    pthread_attr_destroy(&attributes);
    if (failed) break;
    pool.started++;
  }
  insideRegion = true;
  pool.count = count;
  pool.body = body;
  pool.context = context;
  pool.participants = threads;
  atomic_store_explicit(&pool.next, 0, memory_order_relaxed);
  atomic_store_explicit(&pool.running, pool.started, memory_order_relaxed);
  pthread_mutex_lock(&pool.sleepLock);
  atomic_fetch_add_explicit(&pool.generation, 1, memory_order_release);
  pthread_cond_broadcast(&pool.wake);
  pthread_mutex_unlock(&pool.sleepLock);
  drain();
  int spins = 0;
  while (atomic_load_explicit(&pool.running, memory_order_acquire) > 0) {
    relax();
    if (++spins % 4096 == 0) sched_yield();
  }
  insideRegion = false;
  pthread_mutex_unlock(&pool.gate);
}
