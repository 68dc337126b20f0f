/* Calls about the kernel's objects: queues, semaphores, shared memory, keys, mappings, handles. */
#include "trace.h"
#include <linux/futex.h>
#include <linux/kcmp.h>
#include <linux/keyctl.h>
#include <linux/openat2.h>
#include <mqueue.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>

static void ipc(void) {
  static struct msqid_ds queue;
  static struct semid_ds set;
  static struct shmid_ds segment;
  int id = (int)CALL(msgget, IPC_PRIVATE, 0600);
  CALL(msgctl, id, IPC_STAT, &queue);
  queue.msg_qbytes = 100;
  CALL(msgctl, id, IPC_SET, &queue);
  CALL(msgctl, id, IPC_STAT, 8);
  CALL(msgctl, id, IPC_RMID, NULL);
  id = (int)CALL(semget, IPC_PRIVATE, 2, 0600);
  CALL(semctl, id, 0, IPC_STAT, &set);
  CALL(semctl, id, 0, IPC_RMID, NULL);
  id = (int)CALL(shmget, IPC_PRIVATE, 4096, 0600);
  CALL(shmctl, id, IPC_STAT, &segment);
  CALL(shmctl, id, IPC_RMID, NULL);
  int fd = (int)CALL(mq_open, "ferry-trace", O_CREAT | O_RDWR, 0600, &(struct mq_attr){.mq_maxmsg = 2, .mq_msgsize = 8});
  CALL(mq_getsetattr, fd, &(struct mq_attr){.mq_flags = O_NONBLOCK}, NULL);
  CALL(mq_unlink, "ferry-trace");
  close(fd);
}

static void files(void) {
  char text[64];
  int fd = (int)CALL(openat, AT_FDCWD, "file", O_CREAT | O_RDWR, 0600);
  CALL(openat2, AT_FDCWD, "file", &(struct open_how){.flags = O_RDONLY, .resolve = RESOLVE_NO_SYMLINKS}, 24);
  CALL(openat2, AT_FDCWD, "file", &(struct open_how){.flags = O_CREAT | O_EXCL, .mode = 0600}, 24);
  CALL(openat2, AT_FDCWD, "file", &(struct open_how){.flags = 1ul << 40}, 24);
  CALL(fcntl, fd, F_SETSIG, 10);
  CALL(fcntl, fd, F_GETSIG);
  CALL(flistxattr, fd, text, 0);
  CALL(unlinkat, AT_FDCWD, "file", 0);
}

static void memory(void) {
  static unsigned char there[2];
  char *place = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  place[0] = 1;
  CALL(mincore, place, 8192, there);
  CALL(mincore, place + 1, 8192, there);
  CALL(mremap, place, 8192, 4096, 0, 77);
  CALL(mlock2, place, 4096, 1);
}

static void others(void) {
  struct {
    uint64_t value, address;
    uint32_t flags, reserved;
  } waiters[2] = {{0, 0x123456, 2 | 128, 0}, {7, 0x123456, 2, 0}};
  CALL(futex_waitv, waiters, 2, 1, NULL, 0);
  int own = (int)CALL(getpid);
  CALL(kcmp, own, own, KCMP_VM, 0, 0);
  CALL(kcmp, own, own, KCMP_FILE, 0, 0);
  uint64_t set = 1ul << (10 - 1);
  CALL(rt_sigprocmask, SIG_BLOCK, &set, NULL, 8);
  CALL(tgkill, own, own, 10);
  CALL(rt_sigtimedwait, &set, NULL, &(struct timespec){1, 0}, 8);
  CALL(rt_sigtimedwait, &set, NULL, &(struct timespec){0, -1}, 8);
  CALL(sched_getscheduler, 0);
}

int main(void) {
  enter();
  MARK();
  ipc();
  files();
  memory();
  others();
  MARK();
  leave();
  return 0;
}
