/* fcntl and ioctl: requests that wait, and those whose struct differs from x86-64. */
#define _GNU_SOURCE
#include "syscall.h"
#include <asm/ioctls.h>
#include <asm/termbits.h>
#include <asm/unistd.h>
#include <fcntl.h>
#include <linux/loop.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <string.h>

int64_t call_fcntl(ferry_state *state, const uint64_t *a) {
  (void)state;
  int command = (int)a[1];
  if (descriptor_hidden(a[0])) return -EBADF;
  bool waits = command == F_SETLKW || command == F_OFD_SETLKW;
  return (waits ? host_call : kernel_call)(__NR_fcntl, a[0], a[1], a[2], 0, 0, 0);
}

/* struct loop_info of riscv64 (include/uapi/linux/loop.h), whose device numbers have 32 bits. */
struct guest_loop_info {
  int32_t lo_number;
  uint32_t lo_device;
  uint64_t lo_inode;
  uint32_t lo_rdevice;
  int32_t lo_offset, lo_encrypt_type, lo_encrypt_key_size, lo_flags;
  char lo_name[LO_NAME_SIZE];
  uint8_t lo_encrypt_key[LO_KEY_SIZE];
  uint64_t lo_init[2];
  char reserved[4];
};
_Static_assert(sizeof(struct guest_loop_info) == 160, "struct loop_info of riscv64");

static int64_t set_loop_status(const uint64_t *a) {
  struct guest_loop_info guest;
  if (guest_read(&guest, a[2], sizeof guest)) return -EFAULT;
  struct loop_info host = {.lo_number = guest.lo_number,
                           .lo_device = guest.lo_device,
                           .lo_inode = guest.lo_inode,
                           .lo_rdevice = guest.lo_rdevice,
                           .lo_offset = guest.lo_offset,
                           .lo_encrypt_type = guest.lo_encrypt_type,
                           .lo_encrypt_key_size = guest.lo_encrypt_key_size,
                           .lo_flags = guest.lo_flags};
  memcpy(host.lo_name, guest.lo_name, sizeof host.lo_name);
  memcpy(host.lo_encrypt_key, guest.lo_encrypt_key, sizeof host.lo_encrypt_key);
  return kernel_call(__NR_ioctl, a[0], a[1], (uint64_t)&host, 0, 0, 0);
}

static int64_t get_loop_status(const uint64_t *a) {
  struct loop_info host;
  int64_t result = kernel_call(__NR_ioctl, a[0], a[1], (uint64_t)&host, 0, 0, 0);
  if (result < 0) return result;
  struct guest_loop_info guest = {.lo_number = host.lo_number,
                                  .lo_device = (uint32_t)host.lo_device,
                                  .lo_inode = host.lo_inode,
                                  .lo_rdevice = (uint32_t)host.lo_rdevice,
                                  .lo_offset = host.lo_offset,
                                  .lo_encrypt_type = host.lo_encrypt_type,
                                  .lo_encrypt_key_size = host.lo_encrypt_key_size,
                                  .lo_flags = host.lo_flags,
                                  .lo_init = {host.lo_init[0], host.lo_init[1]}};
  memcpy(guest.lo_name, host.lo_name, sizeof guest.lo_name);
  memcpy(guest.lo_encrypt_key, host.lo_encrypt_key, sizeof guest.lo_encrypt_key);
  return guest_write(a[2], &guest, sizeof guest);
}

/* Requests of terminals, sockets, file systems and block devices answer at once, but for those that wait for output to
 * drain; what a driver's own request does is unknown. */
static bool may_wait(uint32_t request) {
  switch (request) {
  case TCSETSW:
  case TCSETSF:
  case TCSETSW2:
  case TCSETSF2:
  case TCSETAW:
  case TCSETAF:
  case TCSBRK:
  case TCSBRKP:
  case TIOCMIWAIT:
    return true;
  default: {
    unsigned type = request >> 8 & 0xff;
    return type != 0x54 && type != 0x89 && type != 'f' && type != 'X';
  }
  }
}

int64_t call_ioctl(ferry_state *state, const uint64_t *a) {
  (void)state;
  uint32_t request = (uint32_t)a[1];
  struct ifconf interfaces;
  switch (request) {
  case LOOP_SET_STATUS:
    return set_loop_status(a);
  case LOOP_GET_STATUS:
    return get_loop_status(a);
  case SIOCGIFCONF:
    if (guest_read(&interfaces, a[2], sizeof interfaces) || of_executor((uint64_t)interfaces.ifc_buf)) return -EFAULT;
    break;
  }
  return (may_wait(request) ? host_call : kernel_call)(__NR_ioctl, a[0], a[1], a[2], 0, 0, 0);
}
