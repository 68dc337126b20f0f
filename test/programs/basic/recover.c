// SIGSEGV, SIGFPE-like and SIGILL faults that the program handles: it leaves by siglongjmp, or repairs what it needs.
#define _GNU_SOURCE
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

static sigjmp_buf back;
static volatile int faults;
static char *page;

static void leave(int number, siginfo_t *info, void *context) {
  (void)context;
  faults++;
  siglongjmp(back, number * 1000 + (int)((uintptr_t)info->si_addr & 0xff));
}

// Goes on behind the instruction that failed, with a value in a1.
static void skip(int number, siginfo_t *info, void *context) {
  (void)info;
  ucontext_t *u = context;
  uint16_t first;
  memcpy(&first, (void *)u->uc_mcontext.__gregs[REG_PC], 2);
  u->uc_mcontext.__gregs[REG_PC] += (first & 3) == 3 ? 4 : 2;
  u->uc_mcontext.__gregs[REG_A0 + 1] = (unsigned long)number * 111;
}

// Makes the page accessible, so that the instruction succeeds when it is done again.
static void open_page(int number, siginfo_t *info, void *context) {
  (void)number;
  (void)context;
  faults++;
  mprotect((void *)((uintptr_t)info->si_addr & ~4095ul), 4096, PROT_READ | PROT_WRITE);
}

static void handle(int number, void (*handler)(int, siginfo_t *, void *)) {
  struct sigaction action = {.sa_flags = SA_SIGINFO};
  action.sa_sigaction = handler;
  sigemptyset(&action.sa_mask);
  sigaction(number, &action, NULL);
}

__attribute__((noinline)) static long sum_through(volatile long *p, int n) {
  long total = 0;
  for (int i = 0; i < n; i++) total += p[i] + i;
  return total;
}

int main(void) {
  handle(SIGSEGV, leave);
  handle(SIGILL, leave);
  handle(SIGTRAP, leave);
  for (volatile int i = 0; i < 5; i++) {
    int how = sigsetjmp(back, 1);
    if (how == 0) *(volatile char *)(uintptr_t)(i * 8 + 16) = 1;
    printf("store: %d\n", how);
  }
  if (sigsetjmp(back, 1) == 0) __asm__ volatile(".word 0");
  if (sigsetjmp(back, 1) == 0) __asm__ volatile("ebreak");
  if (sigsetjmp(back, 1) == 0) ((void (*)(void))0x30)();
  printf("%d faults\n", faults);
  handle(SIGSEGV, skip);
  handle(SIGILL, skip);
  register long a1 __asm__("a1") = 5;
  __asm__ volatile("lw a1, 0(zero)" : "+r"(a1));
  long first = a1;
  a1 = 5;
  __asm__ volatile(".word 0xffffffff" : "+r"(a1));
  printf("skipped: %ld %ld\n", first, a1);
  handle(SIGSEGV, open_page);
  page = mmap(NULL, 3 * 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  faults = 0;
  page[5] = 'x';
  page[4096] = 'y';
  printf("opened: %c%c, %ld, %d faults\n", page[5], page[4096], sum_through((long *)page, 3 * 512) - 'y', faults);
  // Saved registers must be right in the middle of a loop.
  mprotect(page, 3 * 4096, PROT_NONE);
  printf("again: %ld, %d faults\n", sum_through((long *)page, 3 * 512) - 'y', faults);
  fflush(stdout);
  raise(SIGUSR1);
  puts("not reached");
  return 0;
}
