/* System V and POSIX queues, semaphores and shared memory. */
#include "../syscalls/show.h"
#include <linux/keyctl.h>
#include <mqueue.h>
#include <signal.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <time.h>

union argument {
  int val;
  struct semid_ds *buf;
  unsigned short *array;
  struct seminfo *info;
};

static void semaphores(void) {
  int id = semget(IPC_PRIVATE, 3, IPC_CREAT | 0640);
  HOLDS(id >= 0);
  unsigned short values[3] = {4, 5, 6}, got[3];
  SHOW(semctl(id, 0, SETALL, (union argument){.array = values}));
  SHOW(semctl(id, 0, GETALL, (union argument){.array = got}));
  printf("%d %d %d\n", got[0], got[1], got[2]);
  SHOW(semctl(id, 1, SETVAL, (union argument){.val = 9}));
  SHOW(semctl(id, 1, GETVAL));
  SHOW(semctl(id, 1, SETVAL, (union argument){.val = -1}));
  struct semid_ds set = {0};
  SHOW(semctl(id, 0, IPC_STAT, (union argument){.buf = &set}));
  printf("mode %o count %lu otime %d ctime %d uid %d\n", set.sem_perm.mode, (long)set.sem_nsems, set.sem_otime != 0,
         labs(time(NULL) - set.sem_ctime) < 100, set.sem_perm.uid == getuid());
  set.sem_perm.mode = 0600;
  SHOW(semctl(id, 0, IPC_SET, (union argument){.buf = &set}));
  struct sembuf operations[] = {{0, -4, 0}, {2, -1, SEM_UNDO}};
  SHOW(semop(id, operations, 2));
  SHOW(semctl(id, 0, IPC_STAT, (union argument){.buf = &set}));
  printf("mode %o otime %d\n", set.sem_perm.mode, set.sem_otime != 0);
  SHOW(semop(id, &(struct sembuf){0, -1, IPC_NOWAIT}, 1));
  SHOW(semtimedop(id, &(struct sembuf){0, -1, 0}, 1, &(struct timespec){0, 1000000}));
  SHOW(semop(id, &(struct sembuf){7, 1, 0}, 1));
  pid_t child = fork();
  if (child == 0) _exit(semop(id, &(struct sembuf){0, -1, 0}, 1) ? 1 : 0);
  while (semctl(id, 0, GETNCNT) == 0) usleep(1000);
  SHOW(semop(id, &(struct sembuf){0, 1, 0}, 1));
  int status;
  waitpid(child, &status, 0);
  printf("child %d\n", status);
  HOLDS(semctl(id, 0, GETPID) == child);
  struct seminfo info = {0};
  HOLDS(semctl(0, 0, SEM_INFO, (union argument){.info = &info}) >= 0 && info.semusz >= 1);
  HOLDS(semctl(0, 0, IPC_INFO, (union argument){.info = &info}) >= 0 && info.semmsl > 0);
  SHOW(semctl(id, 0, IPC_RMID));
  SHOW(semctl(id, 0, GETVAL));
  SHOW(semget(0x7fffff01, 1, 0));
}

static void messages(void) {
  int id = msgget(IPC_PRIVATE, IPC_CREAT | 0600);
  struct {
    long type;
    char text[16];
  } message = {3, "three"}, got = {0};
  SHOW(msgsnd(id, &message, 6, 0));
  message.type = 1;
  strcpy(message.text, "one");
  SHOW(msgsnd(id, &message, 4, 0));
  message.type = 0;
  SHOW(msgsnd(id, &message, 4, 0));
  struct msqid_ds queue = {0};
  SHOW(msgctl(id, IPC_STAT, &queue));
  printf("%lu messages %lu bytes mode %o sender %d stime %d rtime %d\n", (long)queue.msg_qnum, (long)queue.__msg_cbytes,
         queue.msg_perm.mode, queue.msg_lspid == getpid(), labs(time(NULL) - queue.msg_stime) < 100, (int)queue.msg_rtime);
  SHOW(msgrcv(id, &got, sizeof got.text, -2, 0));
  printf("%ld %s\n", got.type, got.text);
  SHOW(msgrcv(id, &got, 2, 0, 0));
  SHOW(msgrcv(id, &got, 2, 0, MSG_NOERROR));
  printf("%ld %.2s\n", got.type, got.text);
  SHOW(msgrcv(id, &got, 2, 0, IPC_NOWAIT));
  queue.msg_qbytes = 100;
  SHOW(msgctl(id, IPC_SET, &queue));
  SHOW(msgctl(id, IPC_STAT, &queue));
  printf("%lu\n", (long)queue.msg_qbytes);
  struct msginfo info = {0};
  HOLDS(msgctl(0, MSG_INFO, (void *)&info) >= 0 && info.msgmax > 0);
  SHOW(msgctl(id, IPC_RMID, NULL));
  SHOW(msgsnd(id, &message, 4, 0));
}

static void memory(void) {
  int id = shmget(IPC_PRIVATE, 10000, IPC_CREAT | 0600);
  char *first = shmat(id, NULL, 0), *second = shmat(id, NULL, SHM_RDONLY);
  HOLDS(first != (void *)-1 && second != (void *)-1 && first != second);
  strcpy(first, "shared");
  printf("%s\n", second);
  struct shmid_ds segment = {0};
  SHOW(shmctl(id, IPC_STAT, &segment));
  printf("size %lu attached %lu creator %d atime %d\n", (long)segment.shm_segsz, (long)segment.shm_nattch,
         segment.shm_cpid == getpid(), labs(time(NULL) - segment.shm_atime) < 100);
  pid_t child = fork();
  if (child == 0) {
    strcpy(first, "child");
    _exit(shmdt(first));
  }
  int status;
  waitpid(child, &status, 0);
  printf("%s %d\n", second, status);
  SHOW(shmdt(second));
  SHOW(shmdt(second));
  SHOW(shmdt(first + 4096));
  char *place = mmap(NULL, 1 << 20, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  munmap(place, 1 << 20);
  HOLDS(shmat(id, place + 100, SHM_RND) == place);
  SHOW(strcmp(place, "child"));
  HOLDS(shmat(id, place, 0) == (void *)-1 && errno == EINVAL);
  HOLDS(shmat(id, place, SHM_REMAP) == place);
  HOLDS(shmat(id, place + 1, 0) == (void *)-1 && errno == EINVAL);
  /* What was unmapped stays free, and can be attached again. */
  SHOW(shmdt(place));
  HOLDS(mmap(place, 12288, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0) == place);
  SHOW(place[0]);
  SHOW(shmdt(place));
  struct shminfo limits = {0};
  HOLDS(shmctl(0, IPC_INFO, (void *)&limits) >= 0 && limits.shmmni > 0);
  struct shm_info used = {0};
  HOLDS(shmctl(0, SHM_INFO, (void *)&used) >= 0 && used.used_ids >= 1);
  SHOW(shmctl(id, IPC_RMID, NULL));
  strcpy(first + 9000, "still here");
  printf("%s\n", first + 9000);
  SHOW(shmctl(id, IPC_STAT, &segment));
  printf("mode %o\n", segment.shm_perm.mode);
  SHOW(shmdt(first));
  SHOW(shmctl(id, IPC_STAT, &segment));
  HOLDS(shmat(99999999, NULL, 0) == (void *)-1 && errno == EINVAL);
}

static void queues(void) {
  char name[64], text[64];
  snprintf(name, sizeof name, "/ferry-ipc-%d", getpid());
  struct mq_attr attributes = {.mq_maxmsg = 3, .mq_msgsize = 32}, old;
  mqd_t queue = mq_open(name, O_CREAT | O_RDWR | O_NONBLOCK, 0600, &attributes);
  HOLDS(queue >= 0);
  SHOW(mq_getattr(queue, &attributes));
  printf("%lx %ld %ld %ld\n", attributes.mq_flags, attributes.mq_maxmsg, attributes.mq_msgsize, attributes.mq_curmsgs);
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGRTMIN + 1);
  sigprocmask(SIG_BLOCK, &set, NULL);
  struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN + 1, .sigev_value.sival_int = 55};
  SHOW(mq_notify(queue, &event));
  SHOW(mq_send(queue, "low", 4, 1));
  siginfo_t info;
  SHOW(sigtimedwait(&set, &info, &(struct timespec){10, 0}) == SIGRTMIN + 1);
  printf("code %d value %d\n", info.si_code, info.si_value.sival_int);
  SHOW(mq_send(queue, "high", 5, 9));
  SHOW(mq_send(queue, "more", 5, 2));
  SHOW(mq_send(queue, "full", 5, 2));
  unsigned priority;
  SHOW(mq_receive(queue, text, sizeof text, &priority));
  printf("%s %u\n", text, priority);
  SHOW(mq_receive(queue, text, 5, &priority));
  attributes.mq_flags = 0;
  SHOW(mq_setattr(queue, &attributes, &old));
  printf("%lx %ld\n", old.mq_flags, old.mq_curmsgs);
  SHOW(mq_receive(queue, text, sizeof text, NULL));
  SHOW(mq_receive(queue, text, sizeof text, NULL));
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  now.tv_nsec = 0;
  SHOW(mq_timedreceive(queue, text, sizeof text, NULL, &now));
  SHOW(mq_unlink(name));
  SHOW(mq_unlink(name));
  close(queue);
}

int main(void) {
  setvbuf(stdout, NULL, _IOLBF, 0);
  semaphores();
  messages();
  memory();
  queues();
  return 0;
}
