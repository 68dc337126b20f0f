/*
 * Faults in memory and string functions: what the guest's handler sees of each, with the handler jumping out, and with the handler
 * making the page accessible; and what is in memory then.
 */
#include "functions.h"
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <ucontext.h>

enum { PAGE = 4096, PAGES = 4, SIZE = PAGES * PAGE, HOLE = 2 * PAGE, ROUND = 251 };
static unsigned char *p;
static sigjmp_buf out;
static int repairs, faults;

static void handler(int number, siginfo_t *info, void *context) {
  const unsigned long *registers = ((ucontext_t *)context)->uc_mcontext.__gregs;
  unsigned char *address = info->si_addr;
  faults++;
  printf("signal %d, code %d at %ld, pc %lx:", number, info->si_code, (long)(address - p), registers[0]);
  for (int k = 10; k < 13; k++) {
    unsigned long distance = registers[k] - (unsigned long)p;
    if (distance < SIZE) printf(" x%d=p+%lx", k, distance);
    else if (registers[k] < PAGE) printf(" x%d=%lx", k, registers[k]);
  }
  puts("");
  if (!repairs) siglongjmp(out, 1);
  mprotect(p + (address - p) / PAGE * PAGE, PAGE, PROT_READ | PROT_WRITE);
}

/* Bytes that repeat, a terminator at the end, and a hole in the third page. */
static void prepare(void) {
  mprotect(p, SIZE, PROT_READ | PROT_WRITE);
  for (int k = 0; k < SIZE; k++) p[k] = (unsigned char)(k % ROUND + 1);
  p[90] = p[SIZE - 1] = 0;
  mprotect(p + HOLE, PAGE, PROT_NONE);
}

static void show(const char *text, long value, int returned) {
  unsigned long sum = 0;
  mprotect(p, SIZE, PROT_READ | PROT_WRITE);
  for (int k = 0; k < SIZE; k++) sum = sum * 31 + p[k];
  if (value > SIZE) value -= (long)p;
  printf("%s: %s %ld, memory %lx\n", text, returned ? "returns" : "is left", value, sum);
}

#define TRY(call)                                        \
  do {                                                   \
    prepare();                                           \
    if (sigsetjmp(out, 1)) show(#call, 0, 0);            \
    else show(#call, (long)(call), 1);                   \
  } while (0)
#define S(offset) ((char *)p + (offset))

static void copies(void) {
  TRY(p_memcpy(p + HOLE - 100, p, 200));
  TRY(p_memcpy(p, p + HOLE - 100, 200));
  TRY(p_memcpy(p + HOLE - 5, p, 9));
  TRY(p_memcpy(p, p + HOLE - 9, 17));
  TRY(p_memcpy(p, p + HOLE, 1));
  TRY(p_memmove(p + HOLE - 100, p + HOLE - 120, 200));
  TRY(p_memmove(p + HOLE - 120, p + HOLE - 100, 200));
  TRY(p_memmove(p + HOLE - 8, p + HOLE - 10, 12));
  TRY(p_memmove(p + HOLE - 10, p + HOLE - 8, 12));
  TRY(p_memmove(p + 10, p, 9000));
  TRY(p_memmove(p, p + 10, 9000));
  TRY(p_memmove(p + 3 * PAGE + 5, p + 3 * PAGE, 4000));
  TRY(p_memset(p + 8000, 7, 1000));
  TRY(p_memset(p + HOLE - 2, 7, 3));
  TRY(p_strcpy(S(0), S(8100)));
  TRY(p_strcpy(S(HOLE - 42), S(1)));
  TRY(p_stpcpy(S(HOLE - 42), S(1)));
}

static void searches(void) {
  TRY(p_memcmp(p + 8150, p + 8150 - 4 * ROUND, 100));
  TRY(p_memcmp(p, p + HOLE, 3));
  TRY(p_memchr(p + 8000, 255, 500));
  TRY(p_memrchr(p + 3 * PAGE - 5, 255, 500));
  TRY(p_strlen(S(8000)));
  TRY(p_strchr(S(8100), 255));
  TRY(p_strchrnul(S(8100), 255));
  TRY(p_strcmp(S(8150), S(8150 - 2 * ROUND)));
  TRY(p_strncmp(S(HOLE - 2), S(HOLE - 2 - ROUND), 9));
}

int main(void) {
  struct sigaction action = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO};
  sigaction(SIGSEGV, &action, NULL);
  p = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  for (int round = 0; round < 4; round++) {
    repairs = round & 1;
    copies();
    searches();
  }
  printf("%d faults\n", faults);
  return 0;
}
