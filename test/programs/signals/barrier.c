/* Write barriers as collectors make them: a handler opens the page that was written to, and the store is done again. */
#include "../probe.h"

enum { PAGES = 64, PAGE = 4096, FAULTS = 100000 };
static char *heap;
static volatile long faults, strange;
static volatile uint64_t expected_address;

static void open_page(int number, siginfo_t *info, void *context) {
  uint64_t address = (uint64_t)info->si_addr;
  if (address != expected_address || info->si_code != SEGV_ACCERR) strange++;
  faults++;
  mprotect((void *)(address & ~(uint64_t)(PAGE - 1)), PAGE, PROT_READ | PROT_WRITE);
}

int main(int argc, char **argv) {
  long count = argc > 1 ? atol(argv[1]) : FAULTS;
  uint64_t random = 4711, sum = 0;
  heap = mmap(NULL, PAGES * PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  handle_signal(SIGSEGV, open_page, 0);
  while (faults < count) {
    uint64_t r = next_random(&random), page = r % PAGES, at = (r >> 8) % (PAGE - 8) & ~7ul;
    char *place = heap + page * PAGE + at;
    expected_address = (uint64_t)place;
    long before = faults;
    switch (r >> 40 & 3) {
    case 0: *(volatile uint64_t *)place += r; break;
    case 1: *(volatile uint32_t *)place ^= (uint32_t)r; break;
    case 2: *(volatile uint8_t *)place = (uint8_t)r; break;
    case 3: *(volatile double *)place = 1.5; break;
    }
    if (faults != before + 1) strange++;
    mprotect(heap + page * PAGE, PAGE, PROT_READ);
  }
  for (int i = 0; i < PAGES * PAGE; i++) sum = sum * 31 + (uint8_t)heap[i];
  printf("faults %ld strange %ld sum %016llx\n", faults, strange, (unsigned long long)sum);

  /* Read barriers: the page has no access at all. */
  faults = 0;
  sum = 0;
  for (int i = 0; i < 2000; i++) {
    volatile uint64_t *place = (uint64_t *)(heap + i % PAGES * PAGE + i % 500 * 8);
    mprotect(heap + i % PAGES * PAGE, PAGE, PROT_NONE);
    expected_address = (uint64_t)place;
    sum += *place + 1;
  }
  printf("faults %ld strange %ld sum %016llx\n", faults, strange, (unsigned long long)sum);
}
