/* System V shared memory, semaphores and message queues. */
#include "show.h"
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>

union semun {
  int val;
  struct semid_ds *buf;
};

int main(void) {
  int memory = shmget(IPC_PRIVATE, 10000, IPC_CREAT | 0600);
  HOLDS(memory >= 0);
  char *one = shmat(memory, NULL, 0), *two = shmat(memory, NULL, SHM_RDONLY);
  HOLDS(one != (char *)-1 && two != (char *)-1 && one != two);
  strcpy(one, "shared");
  printf("%s\n", two);
  struct shmid_ds segment;
  SHOW(shmctl(memory, IPC_STAT, &segment));
  printf("size %zu attached %lu\n", segment.shm_segsz, (unsigned long)segment.shm_nattch);
  SHOW(shmdt(one));
  SHOW(shmdt(one));
  SHOW(shmdt(two));
  SHOW(shmctl(memory, IPC_RMID, NULL));
  SHOW((long)shmat(memory, NULL, 0));

  int semaphores = semget(IPC_PRIVATE, 3, IPC_CREAT | 0640);
  HOLDS(semaphores >= 0);
  SHOW(semctl(semaphores, 1, SETVAL, (union semun){.val = 5}));
  SHOW(semctl(semaphores, 1, GETVAL));
  SHOW(semop(semaphores, &(struct sembuf){1, -2, 0}, 1));
  SHOW(semctl(semaphores, 1, GETVAL));
  SHOW(semop(semaphores, &(struct sembuf){0, -1, IPC_NOWAIT}, 1));
  struct semid_ds set;
  SHOW(semctl(semaphores, 0, IPC_STAT, (union semun){.buf = &set}));
  printf("count %lu mode %o\n", (unsigned long)set.sem_nsems, set.sem_perm.mode);
  HOLDS(set.sem_otime > 1600000000 && set.sem_ctime > 1600000000);
  set.sem_perm.mode = 0600;
  SHOW(semctl(semaphores, 0, IPC_SET, (union semun){.buf = &set}));
  SHOW(semctl(semaphores, 0, IPC_STAT, (union semun){.buf = &set}));
  printf("mode %o\n", set.sem_perm.mode);
  SHOW(semctl(semaphores, 0, IPC_RMID));

  struct {
    long type;
    char text[16];
  } message = {7, "queued"};
  int queue = msgget(IPC_PRIVATE, IPC_CREAT | 0600);
  HOLDS(queue >= 0);
  SHOW(msgsnd(queue, &message, 7, 0));
  SHOW(msgrcv(queue, &message, 16, 7, 0));
  printf("%s\n", message.text);
  SHOW(msgrcv(queue, &message, 16, 7, IPC_NOWAIT));
  SHOW(msgctl(queue, IPC_RMID, NULL));
  return 0;
}
