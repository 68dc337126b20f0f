/*
 * The table of guest mappings, for the files that keep it in step with what the host kernel maps.
 *
 *   guest_map.c        the table
 *   guest_map_code.c   mapped code: what a change makes stale, and the watch on pages that were translated
 *   guest_map_limit.c  limits on memory
 *   guest_memory.c     mmap, munmap, mprotect
 *   guest_remap.c      mremap
 *   guest_break.c      brk
 *   guest_lock.c       mlockall
 *
 * The caller of a map_ function holds map_lock; only map_drop is called without it.
 */
#pragma once
#include "executor.h"
#include "guest_memory.h"
#include <stddef.h>
#include <sys/mman.h>

/* ---- guest_map.c ---- */

extern struct lock map_lock;
/* Where the search for free ranges ends: the first stack is above it. */
extern uint64_t map_top;

#define LOWEST_ADDRESS 0x10000 /* the usual vm.mmap_min_addr */

/* The first mapping that ends behind the address, and the end of all: valid until the table changes. */
const struct guest_mapping *map_first(uint64_t address);
const struct guest_mapping *map_end(void);
/* The first one that ends behind the address and matches; start = end = 0 when there is none. */
struct guest_mapping map_search(uint64_t address, bool (*matches)(const struct guest_mapping *));
/* guest_mapping_at. */
struct guest_mapping map_at(uint64_t address);
bool map_is_free(uint64_t start, uint64_t end);
/* The highest free range below the top of the guest's region, as the kernel searches; 0 = none. */
uint64_t map_find_free(uint64_t length);
/* Replaces what was in the mapping's range. */
void map_record(struct guest_mapping mapping);
void map_forget(uint64_t start, uint64_t end);
/* Changes what the table says of a range that may have holes; `change` gets whole mappings. */
void map_change(uint64_t start, uint64_t end, void (*change)(struct guest_mapping *, const void *), const void *with);

/* Whether the range lies where the guest may map; the call stack and what is above it are not the guest's. */
static inline bool in_region(uint64_t address, uint64_t length) {
  return length <= FERRY_CALL_STACK && address <= FERRY_CALL_STACK - length;
}

/* Guest code is data for the host: readable, never executable. */
static inline int host_protection(int protection) {
  return (protection & ~PROT_EXEC) | (protection & PROT_EXEC ? PROT_READ : 0);
}

/* ---- guest_map_code.c ---- */

/* What of a range the guest can execute: nothing, pages as files hold them, or code that it wrote. */
enum code { NO_CODE, FILE_CODE, OWN_CODE };
enum code map_code_in(uint64_t start, uint64_t end);
/* The range had such code: its translations are dropped. */
void map_drop(enum code code, uint64_t start, uint64_t end);

/* ---- guest_map_limit.c ---- */

enum { TOO_MUCH = 1, TOO_MUCH_DATA = 2 };
static inline bool is_data(int protection, bool shared) { return protection & PROT_WRITE && !shared; }
/* Which limits are exceeded when the guest gets `more` bytes and [start, end) goes. */
unsigned map_exceeded(uint64_t more, bool data, uint64_t start, uint64_t end);
/* Bytes of [start, end) that are not yet private data. */
uint64_t map_no_data_in(uint64_t start, uint64_t end);
/* So many bytes more of the table are the executor's and count for no limit. */
void map_reserved(uint64_t bytes);

/* ---- guest_lock.c ---- */

/* A new mapping, where mlockall wants these locked; without map_lock. */
void guest_lock_new(uint64_t start, uint64_t end, int protection, bool shared);

/* ---- guest_break.c ---- */

/* Taken before map_lock. */
extern struct lock break_lock;
