/* Where files are mapped while there is no translator: where they were, and else as runtime/places.ts would have it, which is told later. */
#define _GNU_SOURCE
#include "executor.h"
#include "guest_memory.h"
#include "lone.h"
#include <string.h>

enum { MOST_PLACES = 1024, GRANULE = 64 << 10 };

static ferry_kept_place places[MOST_PLACES]; /* by address */
static uint64_t count, known;
/* Those that an earlier run did not know, in the order in which they were asked for. */
static ferry_kept_place asked[MOST_PLACES];

static void insert(ferry_kept_place place) {
  uint64_t i = count++;
  for (; i > 0 && places[i - 1].address > place.address; i--) places[i] = places[i - 1];
  places[i] = place;
}

bool places_start(const ferry_kept_place *rows, uint64_t number) {
  if (number > MOST_PLACES / 2) return false;
  for (uint64_t i = 0; i < number; i++) insert(rows[i]);
  known = number;
  return true;
}

uint64_t places_find(const struct file_identity *file, uint64_t length) {
  uint64_t size = (length + GRANULE - 1) / GRANULE * GRANULE, address = FERRY_LIBRARIES;
  for (uint64_t i = 0; i < count; i++)
    if (places[i].device == file->device && places[i].inode == file->inode && places[i].changed == file->changed &&
        places[i].length == length)
      return places[i].address;
  for (uint64_t i = 0; i < count && places[i].address - address < size; i++)
    if (places[i].end > address) address = places[i].end;
  if (count == MOST_PLACES || address + size > FERRY_LIBRARIES_END) return 0;
  ferry_kept_place place = {file->device, file->inode, file->changed, length, address, address + size};
  asked[count - known] = place;
  insert(place);
  return address;
}

void places_tell(void) {
  for (uint64_t i = 0; i < count - known; i++)
    POST(REQUEST_PLACE, asked[i].device, asked[i].inode, asked[i].changed, asked[i].length);
  known = count;
}
