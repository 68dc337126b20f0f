#include <stddef.h>

extern int calls;
unsigned mix(const unsigned char *bytes, size_t count);
long each(long count, long (*function)(long));
