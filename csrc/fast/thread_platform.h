/* What threads.c asks of the system, in two forms: POSIX threads with C11's atomics, and Windows'
   own calls, which every compiler there has (Microsoft's has C11's atomics only as an experiment).

   A Shared is a number that several threads read and write.  Who acquires sees all that was
   written before it was released. */

#if defined(PYREF_NO_THREADS) || defined(__wasm__)
#define HAS_THREADS 0
#elif defined(_WIN32)
#define HAS_THREADS 1
#define WIN32_LEAN_AND_MEAN
#define NOMINMAX
#define NOGDI
#include <windows.h>
#elif !defined(__STDC_NO_ATOMICS__) && (defined(__unix__) || defined(__APPLE__))
#define HAS_THREADS 1
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#else
#define HAS_THREADS 0
#endif

#if HAS_THREADS

/* One that does `job`, and what the system calls it. */
typedef struct {
    void (*job)(void *argument);
    void *argument;
#if defined(_WIN32)
    HANDLE handle;
#else
    pthread_t handle;
#endif
} Thread;

#if defined(_WIN32)

typedef volatile LONG Shared;

INLINE unsigned peek(Shared *number) { return (unsigned)*number; }

INLINE void put(Shared *number, unsigned value) { *number = (LONG)value; }

/* Plain reads and writes, and a barrier: a call that locks would keep others from the number. */
INLINE unsigned acquire(Shared *number)
{
    LONG value = *number;
    MemoryBarrier();
    return (unsigned)value;
}

INLINE void release(Shared *number, unsigned value)
{
    (void)InterlockedExchange(number, (LONG)value);
}

INLINE void release_one_more(Shared *number) { (void)InterlockedIncrement(number); }

/* Put `wanted` where `*seen` is, and acquire; or tell in *seen what is there instead. */
INLINE int replace(Shared *number, unsigned *seen, unsigned wanted)
{
    LONG found = InterlockedCompareExchange(number, (LONG)wanted, (LONG)*seen);
    int replaced = (unsigned)found == *seen;
    *seen = (unsigned)found;
    return replaced;
}

static DWORD WINAPI thread_main(LPVOID argument)
{
    Thread *thread = argument;
    thread->job(thread->argument);
    return 0;
}

/* Whether the system grants it. */
static int begin_thread(Thread *thread)
{
    thread->handle = CreateThread(NULL, 0, thread_main, thread, 0, NULL);
    return thread->handle != NULL;
}

static void join_thread(Thread *thread)
{
    (void)WaitForSingleObject(thread->handle, INFINITE);
    (void)CloseHandle(thread->handle);
}

INLINE void let_others_run(void) { (void)SwitchToThread(); }

#else

typedef atomic_uint Shared;

INLINE unsigned peek(Shared *number)
{
    return atomic_load_explicit(number, memory_order_relaxed);
}

INLINE void put(Shared *number, unsigned value)
{
    atomic_store_explicit(number, value, memory_order_relaxed);
}

INLINE unsigned acquire(Shared *number)
{
    return atomic_load_explicit(number, memory_order_acquire);
}

INLINE void release(Shared *number, unsigned value)
{
    atomic_store_explicit(number, value, memory_order_release);
}

INLINE void release_one_more(Shared *number)
{
    atomic_fetch_add_explicit(number, 1, memory_order_release);
}

/* Put `wanted` where `*seen` is, and acquire; or tell in *seen what is there instead. */
INLINE int replace(Shared *number, unsigned *seen, unsigned wanted)
{
    return atomic_compare_exchange_weak_explicit(number, seen, wanted, memory_order_acquire,
                                                 memory_order_relaxed);
}

static void *thread_main(void *argument)
{
    Thread *thread = argument;
    thread->job(thread->argument);
    return NULL;
}

/* Whether the system grants it.  Signals are for the caller's thread. */
static int begin_thread(Thread *thread)
{
    sigset_t all, before;
    int error;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    error = pthread_create(&thread->handle, NULL, thread_main, thread);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return error == 0;
}

static void join_thread(Thread *thread) { (void)pthread_join(thread->handle, NULL); }

INLINE void let_others_run(void) { (void)sched_yield(); }

#endif

/* Wait for a moment without leaving the processor. */
INLINE void pause_processor(void)
{
#if defined(_MSC_VER)
    YieldProcessor();
#elif defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

#endif
