/* System V IPC: semaphores, whose struct differs from x86-64, and shared memory, whose addresses are the guest's. */
#define _GNU_SOURCE
#include "syscall.h"
#include <asm/unistd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/sem.h>
#include <sys/shm.h>

/* struct semid64_ds of riscv64 (include/uapi/asm-generic/sembuf.h); x86-64 has a spare word behind each time. */
struct guest_semid_ds {
  struct ipc_perm sem_perm;
  int64_t sem_otime, sem_ctime;
  uint64_t sem_nsems, unused[2];
};

int64_t call_semctl(ferry_state *state, const uint64_t *a) {
  (void)state;
  struct semid_ds host;
  struct guest_semid_ds guest;
  int64_t result;
  switch ((int)a[2]) {
  case IPC_SET:
    if (guest_read(&guest, a[3], sizeof guest) != 0) return -EFAULT;
    host = (struct semid_ds){.sem_perm = guest.sem_perm};
    return kernel_call(__NR_semctl, a[0], a[1], a[2], (uint64_t)&host, 0, 0);
  case IPC_STAT:
  case SEM_STAT:
  case SEM_STAT_ANY:
    result = kernel_call(__NR_semctl, a[0], a[1], a[2], (uint64_t)&host, 0, 0);
    if (result < 0) return result;
    guest = (struct guest_semid_ds){host.sem_perm, host.sem_otime, host.sem_ctime, host.sem_nsems, {0, 0}};
    return guest_write(a[3], &guest, sizeof guest) != 0 ? -EFAULT : result;
  default:
    return kernel_call(__NR_semctl, a[0], a[1], a[2], a[3], 0, 0);
  }
}

/* The address comes from guest_mmap, which knows the guest's region; the segment then replaces that mapping. */
int64_t call_shmat(ferry_state *state, const uint64_t *a) {
  (void)state;
  uint64_t address = a[1];
  int flags = (int)a[2];
  struct shmid_ds segment;
  int64_t error = kernel_call(__NR_shmctl, a[0], IPC_STAT, (uint64_t)&segment, 0, 0, 0);
  if (error) return error;
  int place = MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE;
  if (address % GUEST_PAGE) {
    if (!(flags & SHM_RND)) return -EINVAL;
    address = page_floor(address);
  }
  if (address) place |= flags & SHM_REMAP ? MAP_FIXED : MAP_FIXED_NOREPLACE;
  else if (flags & SHM_REMAP) return -EINVAL;

  int protection = PROT_READ | (flags & SHM_RDONLY ? 0 : PROT_WRITE) | (flags & SHM_EXEC ? PROT_EXEC : 0);
  uint64_t size = page_ceil(segment.shm_segsz);
  int64_t at = guest_mmap(address, size, protection, place, -1, 0);
  if (at == -EEXIST) return -EINVAL;
  if (at < 0) return at;
  int64_t result = kernel_call(__NR_shmat, a[0], (uint64_t)at, (uint64_t)((flags & ~(SHM_RND | SHM_EXEC)) | SHM_REMAP),
                               0, 0, 0);
  if (result != at) guest_munmap((uint64_t)at, size);
  return result;
}

/* Bytes of the System V segment that is attached at this address, 0 = none: its identifier is the inode in the line of
 * /proc/self/maps. */
static uint64_t attached(uint64_t address) {
  FILE *in = fopen("/proc/self/maps", "re");
  char *line = NULL;
  size_t room = 0;
  uint64_t size = 0;
  while (in && size == 0 && getline(&line, &room, in) > 0) {
    uint64_t start, offset, identifier;
    char name[8];
    struct shmid_ds segment;
    if (sscanf(line, "%lx-%*x %*s %lx %*s %lu %7s", &start, &offset, &identifier, name) != 4) continue;
    if (start != address || offset != 0 || strncmp(name, "/SYSV", 5) != 0) continue;
    if (kernel_call(__NR_shmctl, identifier, IPC_STAT, (uint64_t)&segment, 0, 0, 0) == 0)
      size = page_ceil(segment.shm_segsz);
  }
  free(line);
  if (in) fclose(in);
  return size;
}

int64_t call_shmdt(ferry_state *state, const uint64_t *a) {
  (void)state;
  if (a[0] >= FERRY_CALL_STACK) return -EINVAL;
  uint64_t size = attached(a[0]);
  int64_t result = kernel_call(__NR_shmdt, a[0], 0, 0, 0, 0, 0);
  if (result == 0 && size != 0) guest_munmap(a[0], size);
  return result;
}
