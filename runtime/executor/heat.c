/*
 * How often jumps lead to code without a translation. What becomes hot is wanted: the translator makes its translation while the guest
 * goes on, one for each thread at a time. When it is hot before that is there, the guest waits: to translate code costs
 * less than to interpret it any longer.
 */
#define _GNU_SOURCE
#include "guest_memory.h"
#include "interpret.h"
#include "lone.h"
#include <sys/mman.h>

/* Jumps that are interpreted before a program that was started alone gets a translator: what its start costs. */
#define PATIENCE (1 << 20)
#define CELLS (1 << 16)
/* The part of CONTROL.heat from which on a translation is wanted. */
#define EARLY 2
/*
 * A return point becomes hot so much later: mostly a loop or a call around it is hot before, whose translation has it. But when that was
 * too large for it, translated code comes back here for ever.
 */
#define RETURNS 16

/* So many jumps in one run, and the next one is to find a translation. */
#define WORTH_KEEPING (1 << 10)

/* Of a place, which is pc / 2, and in the low bits the jumps to it. */
static uint64_t cells[CELLS];
enum { COUNT_BITS = 24 };
#define MOST_COUNTED ((UINT64_C(1) << COUNT_BITS) - 1)
static uint32_t arrivals;

static uint64_t *cell_of(uint64_t place) { return &cells[((uint32_t)place * UINT32_C(0x9e3779b1)) >> 16 & (CELLS - 1)]; }

/* Without a translator: true when one waits to be asked. */
static bool patience_is_over(void) {
  if (arrivals < PATIENCE) return false;
  if (control->alone == ALONE_YES) {
    thread.interpreting = false;
    lone_begin();
    thread.interpreting = true;
  }
  return control->alone == ALONE_READY;
}

bool heat_arrive(uint64_t pc, const struct code *code, bool returned) {
  uint64_t place = pc / 2, *cell = cell_of(place), seen = *cell, count = (seen & MOST_COUNTED) + 1;
  uint64_t hot = (uint64_t)control->heat * (returned ? RETURNS : 1);
  arrivals++;
  if (seen >> COUNT_BITS != place) {
    *cell = place << COUNT_BITS | 1;
    return false;
  }
  if (count <= MOST_COUNTED) *cell = seen + 1;
  if (count < hot / EARLY) return false;
  if (control->alone != ALONE_SERVED) return patience_is_over();
  if (count >= hot) return true;
  if (code->steady) want(pc, code->start, code->end);
  return false;
}

void heat_finish(void) {
  uint32_t least = control->alone == ALONE_SERVED ? WORTH_KEEPING : PATIENCE;
  if (!control->kept[0] || arrivals < least) return;
  for (unsigned i = 0; i < CELLS; i++) {
    uint64_t pc = (cells[i] >> COUNT_BITS) * 2;
    if ((cells[i] & MOST_COUNTED) < WORTH_KEEPING || ((const volatile uint32_t *)FERRY_DISPATCH)[pc / 2]) continue;
    struct guest_mapping mapping = guest_mapping_at(pc);
    if (mapping.file.inode && (mapping.protection & (PROT_EXEC | PROT_WRITE)) == PROT_EXEC) space_resolve(pc, &mapping);
  }
}
