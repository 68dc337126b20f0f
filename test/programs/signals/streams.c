/* Data through pipes, sockets and files while a timer ticks at 2 kHz: with SA_RESTART nothing is lost or doubled. */
#include "../probe.h"
#include <sys/socket.h>
#include <sys/time.h>

enum { BYTES = 4 << 20, CHUNK = 3001 };
static _Atomic long ticks;
static void tick(int number) { ticks++; }

static uint64_t produce(int fd) {
  uint64_t random = 31337, hash = 0;
  unsigned char bytes[CHUNK];
  for (long sent = 0; sent < BYTES;) {
    long length = BYTES - sent < CHUNK ? BYTES - sent : CHUNK;
    for (long i = 0; i < length; i++) hash = hash * 31 + (bytes[i] = (unsigned char)next_random(&random));
    for (long at = 0; at < length;) at += MUST(write(fd, bytes + at, (size_t)(length - at)));
    sent += length;
  }
  return hash;
}
static uint64_t consume(int fd) {
  unsigned char bytes[4096];
  uint64_t hash = 0;
  long total = 0, length;
  while ((length = MUST(read(fd, bytes, sizeof bytes))) > 0) {
    for (long i = 0; i < length; i++) hash = hash * 31 + bytes[i];
    total += length;
  }
  if (total != BYTES) printf("bytes %ld\n", total);
  return hash;
}

static void transfer(const char *name, int from, int to) {
  pid_t child = MUST(fork());
  struct itimerval often = {{0, 500}, {0, 500}}, never = {0};
  setitimer(ITIMER_REAL, &often, NULL);
  if (child == 0) {
    close(from);
    printf("%s: sent %016llx\n", name, (unsigned long long)produce(to));
    _exit(0);
  }
  close(to);
  uint64_t hash = consume(from);
  setitimer(ITIMER_REAL, &never, NULL);
  int status = wait_for(child);
  printf("%s: got %016llx %s\n", name, (unsigned long long)hash, WIFEXITED(status) ? "" : "died");
  close(from);
}

int main(void) {
  struct sigaction action = {.sa_handler = tick, .sa_flags = SA_RESTART};
  sigaction(SIGALRM, &action, NULL);
  int ends[2];
  MUST(pipe(ends));
  transfer("pipe", ends[0], ends[1]);
  MUST(socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
  transfer("socket", ends[0], ends[1]);
  printf("ticks %s\n", ticks > 4 ? "some" : "few");

  struct itimerval often = {{0, 500}, {0, 500}};
  setitimer(ITIMER_REAL, &often, NULL);
  FILE *file = tmpfile();
  uint64_t random = 5;
  for (int i = 0; i < 20000; i++) fprintf(file, "%d %016llx %.6f\n", i, (unsigned long long)next_random(&random), i / 7.0);
  rewind(file);
  char line[100];
  uint64_t hash = 0;
  while (fgets(line, sizeof line, file))
    for (char *at = line; *at; at++) hash = hash * 31 + (unsigned char)*at;
  printf("file %016llx\n", (unsigned long long)hash);
  struct timespec left = {0, 100000000};
  int naps = 1;
  while (nanosleep(&left, &left)) naps++;
  printf("slept in %s\n", naps > 3 ? "many pieces" : "few pieces");
}
