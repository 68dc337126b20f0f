/*
 * How often jumps lead to code without a translation. What becomes hot is wanted: the translator makes its translation while the guest
 * goes on, one for each thread at a time. When it is hot before that is there, the guest waits: to translate code costs
 * less than to interpret it any longer.
 */
#define _GNU_SOURCE
#include "interpret.h"
#include "lone.h"

/* Jumps that are interpreted before a program that was started alone gets a translator: what its start costs. */
#define PATIENCE (1 << 20)
#define CELLS (1 << 16)
/* The part of CONTROL.heat from which on a translation is wanted. */
#define EARLY 2

static struct cell {
  uint32_t place; /* pc / 2, lower half */
  uint32_t count;
} cells[CELLS];
static uint32_t arrivals;

static struct cell *cell_of(uint64_t pc) {
  uint32_t place = (uint32_t)(pc / 2);
  return &cells[(place * UINT32_C(0x9e3779b1)) >> 16 & (CELLS - 1)];
}

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

bool heat_arrive(uint64_t pc, const struct code *code) {
  struct cell *cell = cell_of(pc);
  uint32_t place = (uint32_t)(pc / 2), hot = control->heat;
  arrivals++;
  if (cell->place != place) {
    *cell = (struct cell){place, 1};
    return false;
  }
  if (++cell->count < hot / EARLY) return false;
  if (control->alone != ALONE_SERVED) return patience_is_over();
  if (cell->count >= hot) return true;
  if (code->steady) want(pc, code->start, code->end);
  return false;
}
