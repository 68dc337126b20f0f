/* Guest memory: copies that survive bad guest addresses, the mappings and the memory system calls. */
#pragma once
#include "layout.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- guest_copy.c ---- */

/* Copies between guest and executor memory; 0 or -EFAULT. Bytes before the bad address are copied. */
int guest_read(void *to, uint64_t from, size_t size);
int guest_write(uint64_t to, const void *from, size_t size);
/* Copies a NUL-terminated string; its length, -EFAULT, or -ENAMETOOLONG when it does not fit in `size` with its NUL. */
int64_t guest_read_string(char *to, uint64_t from, size_t size);
/* Replaces *expected by `new` in an aligned word, atomically: 0; 1 and *expected := what is there; or -EFAULT. */
int guest_exchange(uint64_t at, uint32_t *expected, uint32_t new);

/* A host system call that guest signals interrupt: the result or -errno, and HOST_CALL_NOT_STARTED without entering the
 * kernel when a guest signal is already pending; system_call returns that, and the call is made again behind the handler.
 * Every call that may block goes through this. */
#define HOST_CALL_NOT_STARTED (-513)
int64_t host_call(int64_t number, uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e, uint64_t f);

/* ---- guest_map.c and the files beside it (guest_map.h) ---- */

/* The whole memory system calls of the guest, in the guest's flags (equal to the host's) and protections. */
int64_t guest_mmap(uint64_t address, uint64_t length, int protection, int flags, int fd, uint64_t offset);
int64_t guest_munmap(uint64_t address, uint64_t length);
int64_t guest_mprotect(uint64_t address, uint64_t length, int protection);
int64_t guest_mremap(uint64_t old, uint64_t old_length, uint64_t new_length, int flags, uint64_t new_address);
int64_t guest_brk(uint64_t address);
/* Bytes that the guest has mapped. */
uint64_t guest_map_size(void);
/* mlockall. */
int64_t guest_lock_all(int flags);
/* Page-aligned range within the guest's region and entirely mapped; for madvise, msync, mlock, mincore. */
bool guest_mapped(uint64_t address, uint64_t length);

#define GUEST_PAGE 4096
#define page_floor(x) ((uint64_t)(x) & ~(uint64_t)(GUEST_PAGE - 1))
#define page_ceil(x) page_floor((uint64_t)(x) + GUEST_PAGE - 1)

/* What a file's pages are told apart by; all zero: no file, or no longer what the file holds. */
struct file_identity {
  uint64_t device, inode, changed; /* ns */
};

struct guest_mapping {
  uint64_t start, end;
  int protection; /* as the guest asked; the host mapping never has PROT_EXEC */
  bool shared;
  bool watched; /* translated code came from here: the host mapping is not writable, though the guest's may be */
  struct file_identity file;
  uint64_t offset;
};
/* The mapping that contains the address; start = end = 0 when there is none. */
struct guest_mapping guest_mapping_at(uint64_t address);
/* Counts the changes of the table, each before it is made. */
extern volatile uint64_t guest_map_changes;
/* Says which file's pages a mapping holds. */
void guest_map_identify(uint64_t start, uint64_t end, struct file_identity file, uint64_t offset);
/* Room for the executor's own use within the guest's region; 0 = none. */
uint64_t guest_map_reserve(uint64_t length);
/* Makes the writable pages of a range fault at a store from now on. */
void guest_map_watch(uint64_t start, uint64_t end);
/* A store to the address faulted: whether its page was watched and is writable now; its translations are dropped. */
bool guest_map_unwatch(uint64_t address);
/* The same for a range. */
void guest_map_unwatch_range(uint64_t start, uint64_t end);
/* The kernel could not write somewhere: the same for every watched page. */
bool guest_map_unwatch_all(void);
/* The kernel stored into a range without a fault, whatever the protections are: its translations are dropped. */
void guest_map_stored(uint64_t start, uint64_t end);
/* The lock of the table, for fork. */
void guest_map_lock(bool taken);
/* Records a mapping that the loader made; sets where brk starts and where the search for free ranges ends. */
void guest_map_record(uint64_t start, uint64_t end, int protection, bool shared);
void guest_map_set_break(uint64_t start);
void guest_map_set_top(uint64_t top);
/* Posts INVALIDATE for every executable mapping that can change without a fault (guest_map_watch): what fence.i may be about. */
void guest_map_invalidate_unseen(void);
/* Tells a translator that has come late of all executable mappings. */
void guest_map_announce(void);
