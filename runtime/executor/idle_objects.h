/* Objects that are not worth a look at the link (idle_objects.c). */
#pragma once
#include <stdbool.h>

/* False when it may have something, and for what is no object. */
bool object_is_idle(const char *path);
