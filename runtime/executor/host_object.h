/* Host objects (host_object.c). */
#pragma once
#include <stdint.h>

struct host_object {
  uint64_t functions, thunks; /* addresses of its arrays */
  void **references;          /* where it keeps the address of the guest's reference table */
};
/* Loads the object of `length` bytes in a space. */
struct host_object host_object_load(uint64_t space, uint64_t length);
