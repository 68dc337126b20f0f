/*
 * Sockets. The path of an AF_UNIX address names what it names for the guest (sysroot.c), and is told without the
 * sysroot's own path; messages hold no address of the executor's.
 */
#define _GNU_SOURCE
#include "syscall.h"
#include "sysroot.h"
#include <asm/unistd.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#define PATH_OFFSET offsetof(struct sockaddr_un, sun_path)
#define PATH_SIZE sizeof(((struct sockaddr_un *)0)->sun_path)

/* ---- addresses that the guest gives ---- */

/* The path in a socket address, which may lack its NUL there; 0 when the address has none. */
static uint64_t path_in(char to[static PATH_SIZE + 1], uint64_t address, uint64_t size) {
  sa_family_t family;
  if (size <= PATH_OFFSET || size > sizeof(struct sockaddr_un)) return 0;
  if (guest_read(&family, address, sizeof family) || family != AF_UNIX) return 0;
  memset(to, 0, PATH_SIZE + 1);
  if (guest_read(to, address + PATH_OFFSET, size - PATH_OFFSET) || *to == 0) return 0;
  return (uint64_t)to;
}

/* The address of a path, and its size; 0 when it does not fit. */
static uint64_t address_of(struct sockaddr_un *to, const char *path) {
  size_t length = strlen(path);
  if (length >= PATH_SIZE) return 0;
  to->sun_family = AF_UNIX;
  strcpy(to->sun_path, path);
  return PATH_OFFSET + length + 1;
}

/*
 * TO_NAME(name, argument that is the address, its size, host call, its arguments): to what the path in the address
 * names. `address` and `size` are the host's.
 */
#define TO_NAME(name, address_argument, size_argument, number, ...) \
  static int64_t name##_to(uint64_t path, int fd, const uint64_t *a) { \
    struct sockaddr_un found; \
    uint64_t address = a[address_argument], size = a[size_argument]; \
    if (fd >= 0 || path != a[6]) { \
      address = (uint64_t)&found; \
      size = address_of(&found, (const char *)path); \
      if (size == 0) return -ENOENT; \
    } \
    return host_call(number, __VA_ARGS__); \
  } \
  int64_t call_##name(ferry_state *state, const uint64_t *a) { \
    (void)state; \
    char text[PATH_SIZE + 1]; \
    uint64_t path = path_in(text, a[address_argument], (uint32_t)a[size_argument]); \
    if (!path) return host_call(number, a[0], a[1], a[2], a[3], a[4], a[5]); \
    return sysroot_perform(AT_FDCWD, path, true, name##_to, \
                           (const uint64_t[]){a[0], a[1], a[2], a[3], a[4], a[5], path}); \
  }

TO_NAME(connect, 1, 2, __NR_connect, a[0], address, size, 0, 0, 0)
TO_NAME(sendto, 4, 5, __NR_sendto, a[0], a[1], a[2], a[3], address, size)

static int64_t send_to(uint64_t path, int fd, const uint64_t *a) {
  struct msghdr message = *(const struct msghdr *)a[1];
  struct sockaddr_un found;
  if (fd >= 0 || path != a[3]) {
    message.msg_name = &found;
    message.msg_namelen = (socklen_t)address_of(&found, (const char *)path);
    if (message.msg_namelen == 0) return -ENOENT;
  }
  return host_call(__NR_sendmsg, a[0], (uint64_t)&message, a[2], 0, 0, 0);
}

/* The path to which a message goes, 0 = none. */
static uint64_t destination(char *to, struct msghdr *message, uint64_t address) {
  if (guest_read(message, address, sizeof *message)) return 0;
  return path_in(to, (uint64_t)message->msg_name, message->msg_namelen);
}

int64_t call_sendmsg(ferry_state *state, const uint64_t *a) {
  (void)state;
  char text[PATH_SIZE + 1];
  struct msghdr message;
  uint64_t path = destination(text, &message, a[1]);
  if (!path) return host_call(__NR_sendmsg, a[0], a[1], a[2], 0, 0, 0);
  return sysroot_perform(AT_FDCWD, path, true, send_to, (const uint64_t[]){a[0], (uint64_t)&message, a[2], path});
}

static bool any_has_path(uint64_t messages, uint32_t count) {
  char text[PATH_SIZE + 1];
  struct msghdr message;
  for (uint32_t i = 0; i < count; i++)
    if (destination(text, &message, messages + i * sizeof(struct mmsghdr))) return true;
  return false;
}

int64_t call_sendmmsg(ferry_state *state, const uint64_t *a) {
  uint32_t count = (uint32_t)a[2] < MOST_VECTORS ? (uint32_t)a[2] : MOST_VECTORS;
  if (!any_has_path(a[1], count)) return host_call(__NR_sendmmsg, a[0], a[1], a[2], a[3], 0, 0);
  for (uint32_t i = 0; i < count; i++) {
    uint64_t message = a[1] + i * sizeof(struct mmsghdr);
    int64_t result = call_sendmsg(state, (const uint64_t[]){a[0], message, a[3]});
    if (result < 0) return i ? i : result;
    uint32_t length = (uint32_t)result;
    if (guest_write(message + offsetof(struct mmsghdr, msg_len), &length, sizeof length)) return -EFAULT;
  }
  return count;
}

/* The whole path, so that the guest can be told of it, if that fits. */
static int64_t bind_to(uint64_t folder, uint64_t name, const uint64_t *a) {
  if (name == a[3]) return kernel_call(__NR_bind, a[0], a[1], a[2], 0, 0, 0);
  char link[32], path[SYSROOT_PATH];
  snprintf(link, sizeof link, "/proc/self/fd/%d", (int)folder);
  int64_t length = kernel_call(__NR_readlinkat, (uint64_t)AT_FDCWD, (uint64_t)link, (uint64_t)path, PATH_SIZE, 0, 0);
  if (length < 0 || (size_t)length + 1 + strlen((const char *)name) >= PATH_SIZE)
    length = snprintf(path, sizeof path, "%s", link);
  snprintf(path + length, sizeof path - (size_t)length, "/%s", (const char *)name);
  struct sockaddr_un address;
  uint64_t size = address_of(&address, path);
  return size ? kernel_call(__NR_bind, a[0], (uint64_t)&address, size, 0, 0, 0) : -ENAMETOOLONG;
}

int64_t call_bind(ferry_state *state, const uint64_t *a) {
  (void)state;
  char text[PATH_SIZE + 1];
  uint64_t path = path_in(text, a[1], (uint32_t)a[2]);
  if (!path) return kernel_call(__NR_bind, a[0], a[1], a[2], 0, 0, 0);
  return make_name((uint64_t)AT_FDCWD, path, bind_to, (const uint64_t[]){a[0], a[1], a[2], path});
}

/* ---- addresses that the guest gets ---- */

/* Takes the sysroot's path from an address that the kernel wrote into `room` bytes; what its length is then. */
static uint32_t told(uint64_t address, uint32_t room, uint32_t length) {
  char text[PATH_SIZE + 1];
  if (length > room) return length;
  const char *path = (const char *)path_in(text, address, length);
  const char *shown = path ? sysroot_strip(path) : NULL;
  if (shown == path || guest_write(address + PATH_OFFSET, shown, strlen(shown) + 1)) return length;
  return (uint32_t)(PATH_OFFSET + strlen(shown) + 1);
}

/* A call that writes an address; its length goes to the next argument's place. */
#define FROM_NAME(name, call, address_argument) \
  int64_t call_##name(ferry_state *state, const uint64_t *a) { \
    (void)state; \
    uint64_t address = a[address_argument], length_at = a[(address_argument) + 1]; \
    uint32_t room = 0, length; \
    if (address) guest_read(&room, length_at, sizeof room); \
    int64_t result = call(__NR_##name, a[0], a[1], a[2], a[3], a[4], a[5]); \
    if (result < 0 || !address || guest_read(&length, length_at, sizeof length)) return result; \
    uint32_t shown = told(address, room, length); \
    if (shown != length) guest_write(length_at, &shown, sizeof shown); \
    return result; \
  }

FROM_NAME(accept, host_call, 1)
FROM_NAME(accept4, host_call, 1)
FROM_NAME(getsockname, kernel_call, 1)
FROM_NAME(getpeername, kernel_call, 1)
FROM_NAME(recvfrom, host_call, 4)

static bool of_message(uint64_t address, struct msghdr *message) {
  if (guest_read(message, address, sizeof *message)) return false;
  return of_executor((uint64_t)message->msg_name) || of_executor((uint64_t)message->msg_control) ||
         vector_of_executor((uint64_t)message->msg_iov, message->msg_iovlen);
}

/* `before` is what the guest had there. */
static void tell_sender(uint64_t address, const struct msghdr *before) {
  uint32_t length, at = offsetof(struct msghdr, msg_namelen);
  if (!before->msg_name || guest_read(&length, address + at, sizeof length)) return;
  uint32_t shown = told((uint64_t)before->msg_name, before->msg_namelen, length);
  if (shown != length) guest_write(address + at, &shown, sizeof shown);
}

int64_t call_recvmsg(ferry_state *state, const uint64_t *a) {
  (void)state;
  struct msghdr message = {.msg_name = NULL};
  if (of_message(a[1], &message)) return -EFAULT;
  int64_t result = host_call(__NR_recvmsg, a[0], a[1], a[2], 0, 0, 0);
  if (result >= 0) tell_sender(a[1], &message);
  return result;
}

int64_t call_recvmmsg(ferry_state *state, const uint64_t *a) {
  (void)state;
  uint32_t count = (uint32_t)a[2] < MOST_VECTORS ? (uint32_t)a[2] : MOST_VECTORS;
  struct msghdr message = {.msg_name = NULL};
  for (uint32_t i = 0; i < count; i++)
    if (of_message(a[1] + i * sizeof(struct mmsghdr), &message)) return -EFAULT;
  return host_call(__NR_recvmmsg, a[0], a[1], a[2], a[3], a[4], 0);
}
