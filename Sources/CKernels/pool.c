/* A pool that spins about a millisecond before it sleeps: waking a sleeping thread costs tens of microseconds, as much
   as the work it would be given. Indices are handed out one by one; who takes which does not change any result.

   A region is open while indices are handed out. Workers join an open region, the caller closes it when nothing is left
   and waits for those who joined. A worker that the system does not run in time is not waited for, so on a busy machine
   a region costs no more than the caller's own work. */
#include "internal.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <time.h>

enum { maximumThreads = 256 };

/* The state of the region in one word: workers in it (16 bits), whether it is open (1 bit), its generation. */
static const unsigned long oneWorker = 1, workers = 0xFFFF, isOpen = 0x10000, oneGeneration = 0x20000;

static struct {
  pthread_mutex_t gate;      /* one parallel region at a time */
  pthread_mutex_t sleepLock; /* guards the wake-up */
  pthread_cond_t wake;
  int started;
  atomic_int threads;
  atomic_int sleepers;
  atomic_ulong state;
  atomic_long next;
  /* Written only while the region is closed and empty. */
  long count;
  int participants;
  void (*body)(void *, long);
  void *context;
} pool = {.gate = PTHREAD_MUTEX_INITIALIZER,
          .sleepLock = PTHREAD_MUTEX_INITIALIZER,
          .wake = PTHREAD_COND_INITIALIZER,
          .threads = 1};

static _Thread_local bool insideRegion = false;

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

/* Whether a region is open that this worker has not seen; `seen` is the generation of the last one. */
static bool mayJoin(unsigned long state, unsigned long seen) {
  return (state & isOpen) && state / oneGeneration != seen;
}

static void sleepUntilOpen(unsigned long seen) {
  pthread_mutex_lock(&pool.sleepLock);
  atomic_fetch_add(&pool.sleepers, 1);
  while (!mayJoin(atomic_load(&pool.state), seen)) pthread_cond_wait(&pool.wake, &pool.sleepLock);
  atomic_fetch_sub(&pool.sleepers, 1);
  pthread_mutex_unlock(&pool.sleepLock);
}

static void *worker(void *argument) {
  const int rank = (int)(long)argument;
  const long spinNanoseconds = 1000000;
  unsigned long seen = 0;
  insideRegion = true;
  for (;;) {
    long start = nanoseconds();
    int spins = 0;
    unsigned long state;
    while (!mayJoin(state = atomic_load(&pool.state), seen)) {
      relax();
      if (++spins % 256 == 0 && nanoseconds() - start > spinNanoseconds) sleepUntilOpen(seen);
    }
    if (!atomic_compare_exchange_strong(&pool.state, &state, state + oneWorker)) continue;
    seen = state / oneGeneration;
    if (rank < pool.participants) drain();
    atomic_fetch_sub(&pool.state, oneWorker);
  }
  return 0;
}

void ck_set_threads(int count) {
  if (count < 1) count = 1;
  if (count > maximumThreads) count = maximumThreads;
  atomic_store(&pool.threads, count);
}

int ck_threads(void) { return atomic_load(&pool.threads); }

static void start(int threads) {
  while (pool.started < threads - 1) {
    pthread_t thread;
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, 8L << 20);
    int failed = pthread_create(&thread, &attributes, worker, (void *)(long)(pool.started + 1));
    pthread_attr_destroy(&attributes);
    if (failed) return; /* fewer threads, the same result */
    pool.started++;
  }
}

void ck_parallel(long count, void (*body)(void *, long), void *context) {
  int threads = atomic_load(&pool.threads);
  if (count <= 1 || threads <= 1 || insideRegion) {
    for (long i = 0; i < count; i++) body(context, i);
    return;
  }
  pthread_mutex_lock(&pool.gate);
  start(threads);
  insideRegion = true;
  pool.count = count;
  pool.body = body;
  pool.context = context;
  pool.participants = threads;
  atomic_store_explicit(&pool.next, 0, memory_order_relaxed);
  atomic_store(&pool.state, (atomic_load(&pool.state) / oneGeneration + 1) * oneGeneration + isOpen);
  if (atomic_load(&pool.sleepers) > 0) {
    pthread_mutex_lock(&pool.sleepLock);
    pthread_cond_broadcast(&pool.wake);
    pthread_mutex_unlock(&pool.sleepLock);
  }
  drain();
  atomic_fetch_and(&pool.state, ~isOpen);
  int spins = 0;
  while (atomic_load(&pool.state) & workers) {
    relax();
    if (++spins % 1024 == 0) sched_yield();
  }
  insideRegion = false;
  pthread_mutex_unlock(&pool.gate);
}
