/*
 * Copies that survive bad guest addresses, and host system calls that guest signals interrupt. Both are short assembly
 * whose addresses the host signal handlers know: a fault at `guest_copy_fault`, `_load`, `_store` or `_exchange` ends it, and
 * a signal between `host_call_start` and `host_call_end` (the check was made, the kernel not yet entered) ends the call
 * with HOST_CALL_NOT_STARTED.
 */
#include "executor.h"
#include "guest_memory.h"
#include <errno.h>
#include <string.h>

/* size_t guest_copy(void *to, const void *from, size_t size): bytes that were not copied. */
__asm__(".pushsection .text\n"
        ".globl guest_copy, guest_copy_fault, guest_copy_end, guest_copy_load, guest_copy_store, guest_copy_exchange\n"
        ".type guest_copy, @function\n"
        "guest_copy:\n"
        "  mov %rdx, %rcx\n"
        /* struct timespec: the answer of the most frequent call, faster than rep can start. */
        "  cmp $16, %rdx\n"
        "  jne guest_copy_fault\n"
        "guest_copy_load:\n"
        "  movups (%rsi), %xmm0\n"
        "guest_copy_store:\n"
        "  movups %xmm0, (%rdi)\n"
        "  xor %eax, %eax\n"
        "  ret\n"
        "guest_copy_fault:\n"
        "  rep movsb\n"
        "guest_copy_end:\n"
        "  mov %rcx, %rax\n"
        "  ret\n"
        ".size guest_copy, . - guest_copy\n"
        ".globl guest_exchange\n"
        ".type guest_exchange, @function\n"
        "guest_exchange:\n"
        "  mov (%rsi), %eax\n"
        "  mov $-14, %rcx\n"
        "guest_copy_exchange:\n"
        "  lock cmpxchg %edx, (%rdi)\n"
        "  mov %eax, (%rsi)\n"
        "  setne %al\n"
        "  movzbl %al, %eax\n"
        "  ret\n"
        ".size guest_exchange, . - guest_exchange\n"
        ".globl host_call, host_call_start, host_call_end, host_call_interrupted\n"
        ".type host_call, @function\n"
        "host_call:\n"
        "  mov %rdi, %rax\n"
        "  mov %rsi, %rdi\n"
        "  mov %rdx, %rsi\n"
        "  mov %rcx, %rdx\n"
        "  mov %r8, %r10\n"
        "  mov %r9, %r8\n"
        "  mov 8(%rsp), %r9\n"
        "  mov signal_waiting@gottpoff(%rip), %rcx\n"
        "host_call_start:\n"
        "  cmpl $0, %fs:(%rcx)\n"
        "  jne host_call_interrupted\n"
        "  syscall\n"
        "host_call_end:\n"
        "  ret\n"
        "host_call_interrupted:\n"
        "  mov $-513, %rax\n"
        "  ret\n"
        ".size host_call, . - host_call\n"
        ".popsection\n");
_Static_assert(HOST_CALL_NOT_STARTED == -513, "host_call_interrupted");
_Static_assert(EFAULT == 14, "guest_exchange");

size_t guest_copy(void *to, const void *from, size_t size);

int guest_read(void *to, uint64_t from, size_t size) {
  /* No bound: offloaded code passes constants of the host object, which lie above the guest's region. */
  return guest_copy(to, (const void *)from, size) ? -EFAULT : 0;
}

int guest_write(uint64_t to, const void *from, size_t size) {
  if (to > FERRY_GUEST_END || size > FERRY_GUEST_END - to) return -EFAULT;
  return guest_copy((void *)to, from, size) ? -EFAULT : 0;
}

int64_t guest_read_string(char *to, uint64_t from, size_t size) {
  for (size_t done = 0; done < size;) {
    /* Never past the page of the next byte: the page behind the NUL may be unmapped. */
    size_t chunk = GUEST_PAGE - (from + done) % GUEST_PAGE;
    if (chunk > size - done) chunk = size - done;
    if (guest_read(to + done, from + done, chunk)) return -EFAULT;
    const char *end = memchr(to + done, 0, chunk);
    if (end) return end - to;
    done += chunk;
  }
  return -ENAMETOOLONG;
}
