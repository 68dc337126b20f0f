#include "mix.h"

static unsigned table[256];
static int step(void);

static unsigned entry(unsigned value) {
  for (int bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320u ^ value >> 1 : value >> 1;
  return value;
}

unsigned mix(const unsigned char *bytes, size_t count) {
  if (!table[1])
    for (unsigned i = 0; i < 256; i++) table[i] = entry(i);
  unsigned sum = ~0u;
  for (size_t i = 0; i < count; i++) sum = table[(sum ^ bytes[i]) & 255] ^ sum >> 8;
  calls += step();
  return ~sum;
}

long each(long count, long (*function)(long)) {
  long sum = 0;
  for (long i = 0; i < count; i++) sum += function(i) * i;
  calls += step();
  return sum;
}

static int step(void) { return 1; }
