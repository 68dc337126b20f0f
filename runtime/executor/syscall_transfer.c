/* Calls that the kernel does as they are, once it is sure that no address in their arguments is the executor's. */
#define _GNU_SOURCE
#include "proc.h"
#include "syscall.h"
#include <asm/unistd.h>
#include <linux/aio_abi.h>
#include <sys/uio.h>

static bool reads_into_executor(uint64_t address) {
  struct iocb block;
  if (guest_read(&block, address, sizeof block)) return false;
  if (block.aio_lio_opcode == IOCB_CMD_PREAD) return of_executor(block.aio_buf);
  return block.aio_lio_opcode == IOCB_CMD_PREADV && vector_of_executor(block.aio_buf, block.aio_nbytes);
}

int64_t call_io_submit(ferry_state *state, const uint64_t *a) {
  (void)state;
  uint64_t block;
  for (int64_t i = 0; i < (int64_t)a[1] && guest_read(&block, a[2] + (uint64_t)i * 8, sizeof block) == 0; i++)
    if (reads_into_executor(block)) return i ? kernel_call(__NR_io_submit, a[0], (uint64_t)i, a[2], 0, 0, 0) : -EFAULT;
  return kernel_call(__NR_io_submit, a[0], a[1], a[2], 0, 0, 0);
}

int64_t call_process_vm_readv(ferry_state *state, const uint64_t *a) {
  (void)state;
  if (vector_of_executor(a[1], a[2])) return -EFAULT;
  return kernel_call(__NR_process_vm_readv, a[0], a[1], a[2], a[3], a[4], a[5]);
}

/* Pages that are watched would end the transfer before its end. */
static void unwatch_vector(uint64_t vector, uint64_t count) {
  struct iovec entry;
  if (count > MOST_VECTORS) return;
  for (uint64_t i = 0; i < count && !guest_read(&entry, vector + i * sizeof entry, sizeof entry); i++)
    guest_map_unwatch_range((uint64_t)entry.iov_base, (uint64_t)entry.iov_base + entry.iov_len);
}

int64_t call_process_vm_writev(ferry_state *state, const uint64_t *a) {
  (void)state;
  if (proc_is_own((int)a[0])) {
    if (vector_of_executor(a[3], a[4])) return -EFAULT;
    unwatch_vector(a[3], a[4]);
  }
  return kernel_call(__NR_process_vm_writev, a[0], a[1], a[2], a[3], a[4], a[5]);
}
