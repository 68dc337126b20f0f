/* Functions that lie across the border of two pages, of which one or the other has changed or has been run before. */
#include "emit.h"

int main(void) {
  unsigned char *pages = mmap(NULL, 3 * PAGE, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  unsigned char *border = pages + PAGE;
  for (int first = 0; first < 4; first++) {
    for (int before = 0; before <= 14; before += 2) {
      unsigned char *across = border - before;
      long sum = 0;
      /* What is run in a page makes it one that stores are watched in. */
      if (first & 1) {
        flush(pages, return_constant(pages, before));
        sum += ((function *)pages)(0);
      }
      if (first & 2) {
        flush(border + 256, return_constant(border + 256, before + 1));
        sum += ((function *)(border + 256))(0);
      }
      for (int value = 1; value < 5; value++) {
        flush(across, add_in_loop(across, value));
        sum = sum * 31 + ((function *)across)(3);
        flush(across, return_constant(across, value * 0x1234567));
        sum = sum * 31 + ((function *)across)(0);
      }
      mprotect(border, PAGE, PROT_READ | PROT_EXEC);
      sum = sum * 31 + ((function *)across)(0);
      mprotect(border, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC);
      printf("%d bytes before the border, %d: %lx\n", before, first, sum);
    }
  }
  return 0;
}
