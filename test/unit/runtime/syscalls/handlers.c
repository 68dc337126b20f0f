/*
 * Calls the executor's system call table on the host: the executor's sources without its start and its mailbox, both of
 * which are here. Prints one line for each check that fails, and how many were made.
 */
#define _GNU_SOURCE
#include "guest_memory.h"
#include "signals.h"
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

_Thread_local struct thread thread;
_Thread_local uint64_t ferry_biased_state __attribute__((tls_model("initial-exec")));
static ferry_control block;
ferry_control *control = &block;
const char *guest_path = "/a/guest/program";
static uint64_t invalidated[2], traced[2][8];

_Noreturn void executor_exit(int status) { exit(status); }
_Noreturn void restart_guest(ferry_state *state) { exit((int)state->pc); }
bool leave(ferry_state *state) { return state == NULL; }
void execute_one(ferry_state *state) { exit((int)state->pc); }
uint64_t translation_of(ferry_state *state, uint64_t pc) { exit((int)(state->pc + pc)); }
void want(uint64_t pc, uint64_t start, uint64_t end) { exit((int)(pc + start + end)); }
_Noreturn void executor_fail(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vprintf(format, arguments);
  exit(125);
}
uint64_t post(uint32_t kind, unsigned count, const uint64_t *args) {
  if (kind == REQUEST_INVALIDATE) memcpy(invalidated, args, sizeof invalidated);
  if (kind == REQUEST_TRACE) memcpy(traced[(uint32_t)args[1]], args, count * sizeof *args);
  return 0;
}

static ferry_state state;
static ferry_mailbox mailbox;
static int checks, failures;

#define CHECK(condition) check(__LINE__, #condition, (condition))
static void check(int line, const char *text, bool holds) {
  checks++;
  if (holds) return;
  failures++;
  printf("line %d: %s\n", line, text);
}

#define CALL(...) call((uint64_t[7]){__VA_ARGS__})
static int64_t call(const uint64_t *words) {
  state.x[17] = words[0];
  memcpy(&state.x[10], words + 1, 6 * sizeof *words);
  return system_call(&state);
}

enum { OPENAT = 56, READLINKAT = 78, NEWFSTATAT = 79, FSTAT = 80, EPOLL_CREATE1 = 20, EPOLL_CTL, EPOLL_PWAIT };

int main(void) {
  block.magic = FERRY_CONTROL_MAGIC;
  thread.state = &state;
  thread.mailbox = &mailbox;
  fault_start();
  signal_start();
  char *page = (char *)CALL(222, 0, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1ul, 0);
  CHECK((uint64_t)page < FERRY_GUEST_END && (uint64_t)page % 4096 == 0);
  uint64_t at = (uint64_t)page;

  /* struct stat of riscv64: st_nlink behind st_mode, st_size at 48, st_blksize of four bytes, 128 bytes in all. */
  struct stat host;
  stat("/", &host);
  memset(page, 0xee, 200);
  strcpy(page + 4000, "/");
  CHECK(CALL(NEWFSTATAT, (uint64_t)-100, at + 4000, at, 0) == 0);
  CHECK(*(uint64_t *)(page + 0) == host.st_dev && *(uint64_t *)(page + 8) == host.st_ino);
  CHECK(*(uint32_t *)(page + 16) == host.st_mode && *(uint32_t *)(page + 20) == host.st_nlink);
  CHECK(*(int64_t *)(page + 48) == host.st_size && *(int32_t *)(page + 56) == host.st_blksize);
  CHECK(*(int64_t *)(page + 88) == host.st_mtim.tv_sec && *(int64_t *)(page + 96) == host.st_mtim.tv_nsec);
  CHECK((uint8_t)page[127] == 0 && (uint8_t)page[128] == 0xee);
  CHECK(CALL(FSTAT, 99, at) == -EBADF);
  CHECK(CALL(FSTAT, 0, 8) == -EFAULT);
  CHECK(CALL(FSTAT, 0, at + 8192 - 64) == -EFAULT);

  strcpy(page, "/proc/self/exe");
  CHECK(CALL(READLINKAT, (uint64_t)-100, at, at + 100, 5) == 5 && memcmp(page + 100, guest_path, 5) == 0);
  CHECK(CALL(READLINKAT, (uint64_t)-100, at, at + 100, 0) == -EINVAL);
  CHECK(CALL(OPENAT, (uint64_t)-100, at, 0) == -ENOENT);
  strcpy(page, "/proc/cpuinfo");
  int64_t fd = CALL(OPENAT, (uint64_t)-100, at, 0);
  CHECK(fd >= 0 && read(fd, page, 100) == 100 && strstr(page, "rv64imafdc"));
  close(fd);
  /* A short name at the end of readable memory. */
  munmap(page + 4096, 4096);
  strcpy(page + 4094, "/");
  CHECK((fd = CALL(OPENAT, (uint64_t)-100, at + 4094, 0)) >= 0 && close(fd) == 0);

  int ends[2];
  CHECK(pipe(ends) == 0);
  uint64_t queue = CALL(EPOLL_CREATE1, 0);
  *(uint32_t *)page = 4; /* EPOLLOUT */
  *(uint32_t *)(page + 4) = 0xeeeeeeee;
  *(uint64_t *)(page + 8) = 0x1122334455667788;
  CHECK(CALL(EPOLL_CTL, queue, 1, ends[1], at) == 0);
  CHECK(CALL(EPOLL_CTL, queue, 3, ends[1], 8) == -EFAULT);
  CHECK(CALL(EPOLL_PWAIT, queue, at + 16, 1000, 0, 0, 8) == 1);
  CHECK(*(uint32_t *)(page + 16) == 4 && *(uint64_t *)(page + 24) == 0x1122334455667788);
  CHECK(CALL(EPOLL_PWAIT, queue, at + 16, 0, 0, 0, 8) == -EINVAL);
  CHECK(CALL(EPOLL_PWAIT, queue, at + 16, INT32_MAX, 0, 0, 8) == -EINVAL);
  CHECK(CALL(EPOLL_PWAIT, queue, 8, 1, 0, 0, 8) == -EFAULT);

  CHECK(CALL(160, at) == 0 && strcmp(page + 260, "riscv64") == 0 && strcmp(page, "Linux") == 0);
  int64_t pairs[6] = {4, 0, 3, 0, 1000, 7};
  memcpy(page, pairs, sizeof pairs);
  CHECK(CALL(258, at, 3, 0, 0, 0) == 0);
  memcpy(pairs, page, sizeof pairs);
  CHECK(pairs[0] == 4 && (pairs[1] & 7) == 3 && pairs[3] == 1 && pairs[4] == -1 && pairs[5] == 0);
  CHECK(CALL(258, at, 1, 0, 0, 4) == -EINVAL);

  CHECK(CALL(113, 1, at) == 0 && *(int64_t *)(page + 8) < 1000000000);
  CHECK(CALL(113, 1, 8) == -EFAULT && CALL(113, 99, at) == -EINVAL);
  CHECK(CALL(169, at, 0) == 0 && CALL(169, 8, 0) == -EFAULT && CALL(169, 0, 0) == 0);

  CHECK(CALL(259, 0, 0, 2) == -EINVAL);
  uint64_t code = CALL(222, 0, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1ul, 0);
  CHECK(CALL(233, code, 4096, MADV_DONTNEED) == 0 && invalidated[0] == code && invalidated[1] == 4096);
  memset(invalidated, 0, sizeof invalidated);
  /* A store to private memory was seen; one to shared memory may come from elsewhere. */
  CHECK(CALL(259, code, code + 4096, 0) == 0 && invalidated[0] == 0);
  code = CALL(222, 0, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_SHARED | MAP_ANONYMOUS, -1ul, 0);
  CHECK(CALL(259, code, code + 4096, 0) == 0 && invalidated[0] == code && invalidated[1] == 4096);
  memset(invalidated, 0, sizeof invalidated);
  CHECK(CALL(259, 0, 0, 1) == 0 && invalidated[0] == code && invalidated[1] == 4096);
  CHECK(CALL(259, at, at + 4096, 1) == 0 && invalidated[0] == code);
  /* Memory of the executor is no memory of the guest. */
  CHECK(CALL(233, (uint64_t)&block & -4096, 4096, MADV_DONTNEED) == -ENOMEM && block.magic == FERRY_CONTROL_MAGIC);
  CHECK(CALL(215, FERRY_CODE_CACHE, 4096) == -EINVAL);
  CHECK(CALL(230, 0) == -EINVAL && CALL(230, 99) == -EINVAL);

  CHECK(CALL(261, 0, 9, 0, at) == 0); /* RLIMIT_AS is kept for the guest only */
  *(uint64_t *)(page + 16) = 4096;
  *(uint64_t *)(page + 24) = *(uint64_t *)(page + 8);
  CHECK(CALL(261, 0, 9, at + 16, 0) == 0 && malloc(1 << 20) != NULL);
  CHECK(CALL(163, 9, at) == 0 && *(uint64_t *)page == 4096);
  CHECK(CALL(167, 1, 9) == 0 && CALL(167, 2, at) == 0 && *(int *)page == 9);
  CHECK(CALL(167, 99999) == -EINVAL);
  CHECK(CALL(92, 0x400000) == 0 && CALL(92, UINT32_MAX) == 0x400000);

  /* The kernel writes to none of it for the guest, but may read constants of offloaded code. */
  static char own[256] = "own";
  uint64_t theirs = (uint64_t)own;
  int zero = CALL(OPENAT, (uint64_t)-100, (uint64_t) "/dev/zero", 0);
  struct iovec *vector = (struct iovec *)(page + 512);
  CHECK(zero >= 0 && CALL(63, zero, theirs, 3) == -EFAULT && CALL(67, zero, theirs, 3, 0) == -EFAULT);
  vector[0] = (struct iovec){page, 1};
  vector[1] = (struct iovec){own, 1};
  CHECK(CALL(65, zero, at + 512, 1) == 1 && CALL(65, zero, at + 512, 2) == -EFAULT);
  CHECK(CALL(69, zero, at + 512, 2, 0, 0) == -EFAULT && CALL(286, zero, at + 512, 2, 0, 0, 0) == -EFAULT);
  CHECK(CALL(66, ends[1], at + 512, 2) == 2 && CALL(65, zero, theirs, 2000) == -EINVAL);
  CHECK(CALL(64, ends[1], theirs, 3) == 3 && CALL(278, theirs, 3, 0) == -EFAULT && CALL(17, theirs, 99) == -EFAULT);
  CHECK(CALL(29, ends[0], 0x541b, theirs) == -EFAULT && CALL(29, ends[0], 0x541b, at) == 0 && *(int *)page == 5);
  CHECK(CALL(25, zero, 5, theirs) == -EFAULT && CALL(25, zero, 8, -(uint64_t)getpgrp()) == 0);
  int pair[2];
  CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0 && write(pair[0], "x", 1) == 1);
  struct mmsghdr *messages = (struct mmsghdr *)(page + 1024);
  messages[0] = (struct mmsghdr){.msg_hdr = {.msg_iov = vector + 1, .msg_iovlen = 1}};
  CHECK(CALL(212, pair[1], at + 1024, MSG_DONTWAIT) == -EFAULT && CALL(243, pair[1], at + 1024, 1, MSG_DONTWAIT, 0) == -EFAULT);
  messages[0].msg_hdr = (struct msghdr){.msg_iov = vector, .msg_iovlen = 1, .msg_control = own, .msg_controllen = 64};
  CHECK(CALL(212, pair[1], at + 1024, MSG_DONTWAIT) == -EFAULT && CALL(207, pair[1], theirs, 1, 0, 0, 0) == -EFAULT);
  messages[0].msg_hdr = (struct msghdr){.msg_iov = vector, .msg_iovlen = 1};
  CHECK(CALL(212, pair[1], at + 1024, MSG_DONTWAIT) == 1 && page[0] == 'x');
  CHECK(CALL(270, getpid(), at + 528, 1, at + 512, 1, 0) == -EFAULT);
  CHECK(CALL(271, getpid(), at + 512, 1, at + 528, 1, 0) == -EFAULT);
  CHECK(CALL(209, pair[0], 1, 4, theirs, at) == -EFAULT && CALL(209, pair[0], 1, 4, at, theirs) == -EFAULT);
  CHECK(memcmp(own, "own", 4) == 0);

  /* A signal that is due keeps a call that may wait from starting. */
  signal_waiting = 1;
  CHECK(CALL(63, zero, at, 1) == HOST_CALL_NOT_STARTED && CALL(62, zero, 0, 0) == 0);
  CHECK(CALL(25, zero, 3) >= 0 && CALL(29, ends[0], 0x541b, at) == 0);
  signal_waiting = 0;
  CHECK((CALL(283, 0, 0, 0) & 0x180) == 0 && CALL(283, 0x80, 0, 0) == -EINVAL);
  CHECK(CALL(280, 0, at, 8) == -EPERM && CALL(117, 0) == -EPERM && CALL(425, 1, at) == -ENOSYS);

  CHECK(CALL(18) == -ENOSYS && CALL(293) == -ENOSYS && CALL(5000) == -ENOSYS && CALL(-1ul) == -ENOSYS);
  CHECK(CALL(244) == -ENOSYS && CALL(128) == -EINTR);
  CHECK(CALL(172) == getpid());

  state.x[11] = 0, state.x[13] = 0;
  CHECK(system_call_restarts(63, (uint64_t)-1) && !system_call_restarts(73, (uint64_t)-1) && !system_call_restarts(172, (uint64_t)-1) && !system_call_restarts(9999, (uint64_t)-1));
  CHECK(system_call_restarts(98, (uint64_t)-1));
  state.x[13] = at;
  CHECK(!system_call_restarts(98, (uint64_t)-1));

  block.flags = CONTROL_FLAG_TRACE;
  CHECK(CALL(155, 0, 1, 2, 3, 4, 5) == getpgrp());
  CHECK((uint32_t)traced[0][0] == 155 && (uint32_t)traced[0][1] == 0 && traced[0][3] == 1 && traced[0][7] == 5);
  CHECK(traced[1][0] == (155 | (uint64_t)getpid() << 32) && traced[1][1] == (1 | (uint64_t)gettid() << 32) && traced[1][7] == (uint64_t)getpgrp());
  printf("%d checks, %d failed\n", checks, failures);
  return failures != 0;
}
