/* Waiting for descriptors: signal masks belong to the guest's signal core; struct epoll_event is packed on x86-64. */
#include "signals.h"
#include "syscall.h"
#include <asm/unistd.h>
#include <sys/epoll.h>
#include <time.h>

struct guest_epoll_event {
  uint32_t events, pad;
  uint64_t data;
};

/* The kernel may report fewer events than asked for; those left are reported by the next call. */
#define MOST_EVENTS 256

/*
 * host_call with a guest signal mask (address 0: the present one), which executor.c takes back behind the call. A signal
 * that the mask lets through does not keep back what is ready: then the call is made without waiting (`none` in place of
 * its argument `timeout`).
 */
static int64_t masked_call(uint64_t mask, uint64_t mask_size, int64_t number, const uint64_t a[5], int timeout,
                           uint64_t none) {
  int64_t error = signal_temporary_mask(mask, mask_size);
  if (error) return error;
  int64_t result = host_call(number, a[0], a[1], a[2], a[3], a[4], 0);
  if (mask == 0 || result != HOST_CALL_NOT_STARTED) return result;
  uint64_t b[5] = {a[0], a[1], a[2], a[3], a[4]};
  b[timeout] = none;
  int64_t ready = kernel_call(number, b[0], b[1], b[2], b[3], b[4], 0);
  return ready ? ready : -EINTR;
}

/* The last argument of pselect6 and io_pgetevents points to a mask's address and size. */
struct mask_argument {
  uint64_t mask, size;
};

static int64_t read_mask_argument(struct mask_argument *to, uint64_t from) {
  *to = (struct mask_argument){0, 0};
  return from == 0 ? 0 : guest_read(to, from, sizeof *to);
}

int64_t call_ppoll(ferry_state *state, const uint64_t *a) {
  (void)state;
  const uint64_t arguments[5] = {a[0], a[1], a[2]};
  return masked_call(a[3], a[4], __NR_ppoll, arguments, 2, (uint64_t)&(struct timespec){0, 0});
}

int64_t call_pselect6(ferry_state *state, const uint64_t *a) {
  (void)state;
  struct mask_argument mask;
  int64_t error = read_mask_argument(&mask, a[5]);
  if (error) return error;
  return masked_call(mask.mask, mask.size, __NR_pselect6, a, 4, (uint64_t)&(struct timespec){0, 0});
}

int64_t call_io_pgetevents(ferry_state *state, const uint64_t *a) {
  (void)state;
  struct mask_argument mask;
  int64_t error = read_mask_argument(&mask, a[5]);
  if (error) return error;
  return masked_call(mask.mask, mask.size, __NR_io_pgetevents, a, 4, (uint64_t)&(struct timespec){0, 0});
}

int64_t call_epoll_ctl(ferry_state *state, const uint64_t *a) {
  (void)state;
  struct guest_epoll_event guest;
  struct epoll_event host;
  if ((int)a[1] == EPOLL_CTL_DEL) return kernel_call(__NR_epoll_ctl, a[0], a[1], a[2], 0, 0, 0);
  if (guest_read(&guest, a[3], sizeof guest) != 0) return -EFAULT;
  host.events = guest.events;
  host.data.u64 = guest.data;
  return kernel_call(__NR_epoll_ctl, a[0], a[1], a[2], (uint64_t)&host, 0, 0);
}

/* epoll_pwait and epoll_pwait2 differ in the form of `timeout` only. */
static int64_t epoll_wait_with(int64_t number, const uint64_t *a, uint64_t none) {
  struct epoll_event host[MOST_EVENTS];
  struct guest_epoll_event guest[MOST_EVENTS];
  int most = (int)a[2];
  if (most > INT32_MAX / (int)sizeof *guest) return -EINVAL;
  if (most > MOST_EVENTS) most = MOST_EVENTS;
  const uint64_t arguments[5] = {a[0], (uint64_t)host, (uint64_t)(int64_t)most, a[3]};
  int64_t count = masked_call(a[4], a[5], number, arguments, 3, none);
  if (count <= 0) return count;
  for (int64_t i = 0; i < count; i++)
    guest[i] = (struct guest_epoll_event){.events = host[i].events, .data = host[i].data.u64};
  int error = guest_write(a[1], guest, count * sizeof *guest);
  return error ? error : count;
}

int64_t call_epoll_pwait(ferry_state *state, const uint64_t *a) {
  (void)state;
  return epoll_wait_with(__NR_epoll_pwait, a, 0);
}

int64_t call_epoll_pwait2(ferry_state *state, const uint64_t *a) {
  (void)state;
  return epoll_wait_with(__NR_epoll_pwait2, a, (uint64_t)&(struct timespec){0, 0});
}
