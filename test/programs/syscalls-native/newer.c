/* Calls by number that are younger than C libraries, or that few programs make. */
#include "../syscalls/show.h"
#include <linux/futex.h>
#include <linux/kcmp.h>
#include <linux/keyctl.h>
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sendfile.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <time.h>

static void files(void) {
  int fd = open("file", O_CREAT | O_RDWR, 0644);
  write(fd, "0123456789", 10);
  char text[32] = "";
  struct iovec part = {text, 4};
  SHOW(syscall(SYS_preadv2, fd, &part, 1, 2L, 0L, 0));
  SHOW(syscall(SYS_preadv2, fd, &part, 1, 2L, 0L, 1 << 30));
  printf("%s\n", text);
  SHOW(syscall(452, AT_FDCWD, "file", 0600, 0));
  SHOW(syscall(452, AT_FDCWD, "file", 0600, AT_SYMLINK_NOFOLLOW));
  SHOW(syscall(452, fd, "", 0640, AT_EMPTY_PATH));
  SHOW(syscall(452, AT_FDCWD, "file", 0600, 1 << 30));
  struct stat s;
  SHOW(stat("file", &s));
  printf("%o\n", s.st_mode);
  struct {
    uint64_t offset, length;
  } range = {0, 0};
  struct {
    uint64_t cached, dirty, writeback, evicted, recently;
  } pages = {0};
  SHOW(syscall(451, fd, &range, &pages, 0));
  HOLDS(pages.cached <= 1 && pages.dirty <= 1);
  SHOW(syscall(451, fd, &range, &pages, 1));
  struct {
    uint64_t value;
    uint32_t size, flags;
  } attribute = {(uint64_t) "value", 5, 0};
  SHOW(syscall(463, AT_FDCWD, "file", 0, "user.ferry", &attribute, sizeof attribute));
  attribute.value = (uint64_t)text;
  attribute.size = sizeof text;
  SHOW(syscall(464, AT_FDCWD, "file", 0, "user.ferry", &attribute, sizeof attribute));
  printf("%.5s\n", text);
  SHOW(syscall(465, AT_FDCWD, "file", 0, NULL, 0) >= 0);
  SHOW(syscall(466, AT_FDCWD, "file", 0, "user.ferry"));
  SHOW(syscall(466, AT_FDCWD, "file", 0, "user.ferry"));
  SHOW(syscall(SYS_renameat2, AT_FDCWD, "file", AT_FDCWD, "file", 1 << 20));
  SHOW(syscall(SYS_statx, AT_FDCWD, "file", 1 << 20, 0, text));
  SHOW(syscall(SYS_statx, AT_FDCWD, "file", 0, 1u << 31, text));
  struct {
    struct file_handle handle;
    unsigned char bytes[128];
  } handle = {.handle.handle_bytes = 128};
  int mount = -1;
  int known = name_to_handle_at(AT_FDCWD, "file", &handle.handle, &mount, 0) == 0;
  int folder = open(".", O_RDONLY), again = known ? open_by_handle_at(folder, &handle.handle, O_RDONLY) : -1;
  HOLDS(!known || again >= 0 || errno == EPERM);
  if (again >= 0) {
    SHOW(read(again, text, 10));
    close(again);
  }
  SHOW(syscall(SYS_close_range, 5, 4, 0));
  SHOW(syscall(SYS_close_range, 500, 600, 99));
  SHOW(syscall(SYS_close_range, 500, ~0u, 4));
  SHOW(fcntl(fd, F_NOTIFY, 0));
  SHOW(fcntl(folder, F_NOTIFY, DN_CREATE | DN_MULTISHOT));
  SHOW(fcntl(folder, F_NOTIFY, 0));
  SHOW(fcntl(fd, 1024 + 12, &(uint64_t){0}));
  uint64_t hint = 2;
  SHOW(fcntl(fd, 1024 + 12, &hint));
  hint = 99;
  SHOW(fcntl(fd, 1024 + 11, &hint));
  printf("%ld\n", (long)hint);
  SHOW(fcntl(fd, 1024 + 3, fd) == 0 || errno == EINVAL);
  SHOW(fcntl(fd, 9999, 0));
  SHOW(syscall(SYS_fallocate, fd, 0x40, 0, 10) == 0 || errno == EOPNOTSUPP || errno == EINVAL);
  SHOW(syscall(SYS_readahead, 99, 0L, 10L));
  SHOW(syscall(SYS_sync_file_range, fd, 0L, 10L, 99));
  SHOW(syscall(SYS_syncfs, fd));
  close(folder);
  close(fd);
  unlink("file");
}

static void futexes(void) {
  static uint32_t words[2];
  struct {
    uint64_t value, address;
    uint32_t flags, reserved;
  } waiters[2] = {{0, (uint64_t)&words[0], 2 | 128, 0}, {0, (uint64_t)&words[1], 2 | 128, 0}};
  struct timespec end;
  clock_gettime(CLOCK_MONOTONIC, &end);
  end.tv_nsec += 2000000;
  if (end.tv_nsec >= 1000000000) end.tv_sec++, end.tv_nsec -= 1000000000;
  SHOW(syscall(449, waiters, 2, 0, &end, CLOCK_MONOTONIC));
  waiters[1].value = 7;
  SHOW(syscall(449, waiters, 2, 0, &end, CLOCK_MONOTONIC));
  SHOW(syscall(449, waiters, 0, 0, NULL, 0));
  SHOW(syscall(449, waiters, 2, 1, NULL, 0));
  words[0] = 5;
  SHOW(syscall(SYS_futex, words, FUTEX_WAIT, 4, NULL, NULL, 0));
  SHOW(syscall(SYS_futex, words, FUTEX_WAIT, 5, &(struct timespec){0, 1000000}, NULL, 0));
  SHOW(syscall(SYS_futex, words, FUTEX_WAIT, 5, &(struct timespec){0, -1}, NULL, 0));
  SHOW(syscall(SYS_futex, words, FUTEX_WAKE, 1, NULL, NULL, 0));
  SHOW(syscall(SYS_futex, (char *)words + 1, FUTEX_WAKE, 1, NULL, NULL, 0));
  SHOW(syscall(SYS_futex, words, FUTEX_CMP_REQUEUE, 1, (void *)1, words + 1, 6));
  SHOW(syscall(SYS_futex, words, FUTEX_WAKE_OP, 1, (void *)1, words + 1, FUTEX_OP(FUTEX_OP_ADD, 3, FUTEX_OP_CMP_EQ, 0)));
  printf("%u\n", words[1]);
  SHOW(syscall(SYS_futex, words, 99, 1, NULL, NULL, 0));
  words[0] = 0;
  SHOW(syscall(SYS_futex, words, FUTEX_LOCK_PI, 0, NULL, NULL, 0));
  HOLDS((words[0] & FUTEX_TID_MASK) == (uint32_t)gettid());
  SHOW(syscall(SYS_futex, words, FUTEX_TRYLOCK_PI, 0, NULL, NULL, 0));
  SHOW(syscall(SYS_futex, words, FUTEX_UNLOCK_PI, 0, NULL, NULL, 0));
  SHOW(words[0]);
  SHOW(syscall(454, words, 0xffffffffL, 1, 2 | 128));
  SHOW(syscall(455, words, 1L, 0xffffffffL, 2 | 128, NULL, 0));
  void *head;
  size_t size;
  HOLDS(syscall(SYS_get_robust_list, 0, &head, &size) == 0 && size == 24);
  SHOW(syscall(SYS_set_robust_list, head, 23));
}

static void processes(void) {
  pid_t child = fork();
  if (child == 0)
    for (;;) pause();
  SHOW(syscall(SYS_kcmp, getpid(), child, KCMP_FILE, 0, 0));
  HOLDS(syscall(SYS_kcmp, getpid(), child, KCMP_VM, 0, 0) > 0);
  SHOW(syscall(SYS_kcmp, getpid(), getpid(), KCMP_FILES, 0, 0));
  SHOW(syscall(SYS_kcmp, getpid(), child, 99, 0, 0));
  int fd = (int)syscall(SYS_pidfd_open, child, 0);
  SHOW(syscall(SYS_process_madvise, fd, &(struct iovec){&child, 0}, 1, MADV_COLD, 0));
  int same = (int)syscall(SYS_pidfd_getfd, fd, 1, 0);
  HOLDS(same >= 0 && syscall(SYS_kcmp, getpid(), getpid(), KCMP_FILE, 1, same) == 0);
  close(same);
  SHOW(syscall(448, fd, 0));
  kill(child, SIGKILL);
  waitpid(child, NULL, 0);
  SHOW(syscall(448, fd, 0));
  close(fd);
  SHOW(syscall(SYS_tgkill, getpid(), gettid(), 0));
  SHOW(syscall(SYS_tgkill, -1, gettid(), 0));
  SHOW(syscall(SYS_tkill, gettid(), 99));
  siginfo_t info = {.si_signo = SIGUSR1, .si_code = 0};
  SHOW(syscall(SYS_rt_sigqueueinfo, 1 << 30, SIGUSR1, &info));
  SHOW(syscall(SYS_waitid, 9, 0, NULL, WEXITED, NULL));
  SHOW(syscall(SYS_waitid, P_ALL, 0, NULL, 0, NULL));
  SHOW(syscall(SYS_getpgid, -1));
  SHOW(syscall(SYS_setns, 0, 0));
  SHOW(syscall(SYS_unshare, 0));
  SHOW(syscall(SYS_unshare, 1));
  SHOW(syscall(SYS_get_mempolicy, &(int){0}, NULL, 0, NULL, 0) == 0 || errno == ENOSYS);
  SHOW(syscall(SYS_set_mempolicy, 0, NULL, 0) == 0 || errno == ENOSYS);
  SHOW(syscall(SYS_mbind, NULL, 0, 99, NULL, 0, 0) == -1);
}

static void keys(void) {
  long key = syscall(SYS_add_key, "user", "ferry", "secret", 6, KEY_SPEC_PROCESS_KEYRING);
  HOLDS(key > 0 || errno == ENOSYS || errno == EPERM);
  if (key <= 0) return;
  char text[32] = "";
  SHOW(syscall(SYS_keyctl, KEYCTL_READ, key, text, sizeof text));
  printf("%s\n", text);
  HOLDS(syscall(SYS_request_key, "user", "ferry", NULL, KEY_SPEC_PROCESS_KEYRING) == key);
  SHOW(syscall(SYS_keyctl, KEYCTL_UPDATE, key, "other", 5));
  memset(text, 0, sizeof text);
  SHOW(syscall(SYS_keyctl, KEYCTL_READ, key, text, 3));
  SHOW(syscall(SYS_keyctl, KEYCTL_DESCRIBE, key, text, sizeof text) > 10);
  SHOW(syscall(SYS_keyctl, KEYCTL_REVOKE, key));
  SHOW(syscall(SYS_keyctl, KEYCTL_READ, key, text, sizeof text));
  SHOW(syscall(SYS_keyctl, 9999));
  SHOW(syscall(SYS_add_key, "none", "ferry", "secret", 6, KEY_SPEC_PROCESS_KEYRING));
}

/* Refused on both machines: numbers that no architecture has, and what needs more than the caller has or gives. */
static void refused(void) {
  SHOW(syscall(9999));
  SHOW(syscall(-1L));
  SHOW(syscall(467 + 100));
  SHOW(syscall(SYS_nfsservctl));
  SHOW(syscall(SYS_delete_module, "none", 0) == -1);
  SHOW(syscall(SYS_kexec_load, 0, 99, NULL, 1ul << 40) == -1);
  SHOW(syscall(SYS_swapoff, "/none") == -1);
  SHOW(syscall(SYS_quotactl, 99, NULL, 0, NULL) == -1);
  SHOW(syscall(SYS_fsopen, "none", 0) == -1);
  SHOW(syscall(SYS_open_tree, AT_FDCWD, "/none", 0) == -1);
  SHOW(syscall(SYS_fanotify_init, ~0u, 0) == -1);
  SHOW(syscall(SYS_io_setup, 1, (void *)8) == -1);
  SHOW(syscall(SYS_epoll_pwait2, 99, (void *)8, 1, NULL, NULL, 8) == -1);
  SHOW(syscall(SYS_clone3, (void *)8, 88) == -1);
  SHOW(syscall(SYS_clone3, NULL, 8));
}

int main(void) {
  enter_scratch();
  files();
  futexes();
  fflush(stdout);
  processes();
  keys();
  refused();
  leave_scratch();
  return 0;
}
