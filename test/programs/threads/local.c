/* What a thread has for itself: initialised and aligned thread-local variables, keys and destructors, errno, stacks. */
#include "../probe.h"
#include <limits.h>
#include <sys/resource.h>

enum { THREADS = 8 };
static _Thread_local int initialised = 41;
static _Thread_local long zero[100];
static _Thread_local char aligned[32] __attribute__((aligned(64))) = "aligned";
static _Thread_local struct {
  double real;
  int *pointer;
} compound = {2.5, NULL};
static _Atomic int wrong;
extern int __cxa_thread_atexit_impl(void (*)(void *), void *, void *);
extern void *__dso_handle;

static void *use_variables(void *argument) {
  long self = (long)argument;
  if (initialised != 41 || zero[99] != 0 || compound.real != 2.5 || strcmp(aligned, "aligned")) wrong++;
  if ((uintptr_t)aligned % 64) wrong++;
  initialised += self;
  compound.pointer = &initialised;
  for (int i = 0; i < 100; i++) zero[i] = self;
  for (int round = 0; round < 50; round++) {
    sched_yield();
    if (*compound.pointer != 41 + self || zero[round] != self) wrong++;
  }
  return NULL;
}

/* errno belongs to a thread, whatever the others do. */
static void *use_errno(void *argument) {
  long self = (long)argument;
  for (int i = 0; i < 2000; i++) {
    int expected = self % 2 ? EBADF : ENOENT;
    if (self % 2) close(-1);
    else access("/no/such/file", F_OK);
    if (i % 16 == 0) sched_yield();
    if (errno != expected) wrong++;
  }
  return NULL;
}

static pthread_key_t first, second, again;
static void say(void *value) { printf("destructor of a key: %s\n", (char *)value); }
/* Sets itself anew: called PTHREAD_DESTRUCTOR_ITERATIONS times. */
static int rounds;
static void set_again(void *value) {
  rounds++;
  pthread_setspecific(again, value);
}
static void of_variable(void *value) { printf("destructor of a variable: %s, %d\n", (char *)value, initialised); }
static void nested(void *value) {
  printf("destructor of a variable: %s\n", (char *)value);
  __cxa_thread_atexit_impl(of_variable, "registered by a destructor", &__dso_handle);
}
static void *use_destructors(void *argument) {
  initialised = 7;
  __cxa_thread_atexit_impl(of_variable, "first", &__dso_handle);
  __cxa_thread_atexit_impl(nested, "second", &__dso_handle);
  pthread_setspecific(first, "a");
  pthread_setspecific(second, "b");
  pthread_setspecific(again, "c");
  if (argument) pthread_exit((void *)5);
  return (void *)6;
}

static void *measure_stack(void *argument) {
  pthread_attr_t attributes;
  void *start;
  size_t size, guard;
  char here;
  pthread_getattr_np(pthread_self(), &attributes);
  pthread_attr_getstack(&attributes, &start, &size);
  pthread_attr_getguardsize(&attributes, &guard);
  printf("stack of %zu with guard %zu holds its variable: %d\n", size, guard,
         &here >= (char *)start && &here < (char *)start + size);
  pthread_attr_destroy(&attributes);
  /* Nearly all of it can be used. */
  volatile char *low = (char *)start + 16384 + (argument ? 0 : guard);
  while ((uintptr_t)low < (uintptr_t)&here - 4096) *low = 1, low += 4096;
  return NULL;
}

static int depth(int left) {
  volatile char space[1024];
  space[0] = (char)left;
  return left == 0 ? 0 : depth(left - 1) + 1 + space[0] * 0;
}
static void *recurse(void *argument) { return (void *)(long)depth((int)(long)argument); }

int main(void) {
  run_threads(THREADS, use_variables);
  run_threads(THREADS, use_errno);
  printf("wrong values %d, main's %d %ld\n", wrong, initialised, zero[0]);

  pthread_key_create(&first, say);
  pthread_key_create(&second, say);
  pthread_key_create(&again, set_again);
  printf("result %ld\n", join(start_thread(use_destructors, NULL)));
  printf("result %ld\n", join(start_thread(use_destructors, "exit")));
  printf("rounds %d of %d\n", rounds, 2 * PTHREAD_DESTRUCTOR_ITERATIONS);
  pthread_key_t keys[PTHREAD_KEYS_MAX];
  int made = 0;
  while (pthread_key_create(&keys[made], NULL) == 0) made++;
  printf("keys %d\n", made >= PTHREAD_KEYS_MAX - 8);

  pthread_attr_t attributes;
  pthread_t thread;
  pthread_attr_init(&attributes);
  pthread_attr_setguardsize(&attributes, 8192);
  for (size_t size = 128 << 10; size <= 64 << 20; size *= 8) {
    SHOW_ERROR(pthread_attr_setstacksize(&attributes, size));
    MUST_0(pthread_create(&thread, &attributes, measure_stack, NULL));
    join(thread);
  }
  SHOW_ERROR(pthread_attr_setstacksize(&attributes, 4096));
  char *own = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  SHOW_ERROR(pthread_attr_setstack(&attributes, own, 1 << 20));
  MUST_0(pthread_create(&thread, &attributes, measure_stack, "own"));
  join(thread);
  munmap(own, 1 << 20);
  pthread_attr_destroy(&attributes);

  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, 32 << 20);
  MUST_0(pthread_create(&thread, &attributes, recurse, (void *)20000L));
  printf("depth %ld\n", join(thread));
}
