/* Children that outlive the process that was started: they go on, and what they print arrives. */
#include "../probe.h"

int main(void) {
  int ends[2], turn[2];
  MUST(pipe(ends));
  MUST(pipe(turn));
  printf("first\n");
  for (int i = 0; i < 2; i++) {
    pid_t first = getpid(), pid = MUST(fork());
    if (pid) continue;
    char byte;
    close(ends[1]);
    /* Until the parent is gone. */
    read(ends[0], &byte, 1);
    WAIT_UNTIL(getppid() != first);
    sleep_ms(100);
    /* One after the other. */
    if (i == 1) close(turn[1]), read(turn[0], &byte, 1);
    volatile double sum = 0;
    for (int j = 1; j < 100000; j++) sum += 1.0 / j;
    printf("child %d goes on: %.6f\n", i, sum);
    pid = fork();
    if (pid == 0) _exit(11);
    show_status("its own child", wait_for(pid));
    _exit(0);
  }
  return 23;
}
