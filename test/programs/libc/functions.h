/* The functions under test, called through pointers that no compiler knows, so that it has none of its own in their place. */
#define _GNU_SOURCE
#include <stddef.h>
#include <string.h>

#define POINTER(result, name, ...) static result (*volatile p_##name)(__VA_ARGS__) = name
POINTER(void *, memcpy, void *, const void *, size_t);
POINTER(void *, memmove, void *, const void *, size_t);
POINTER(void *, memset, void *, int, size_t);
POINTER(int, memcmp, const void *, const void *, size_t);
POINTER(void *, memchr, const void *, int, size_t);
POINTER(void *, memrchr, const void *, int, size_t);
POINTER(size_t, strlen, const char *);
POINTER(char *, strchr, const char *, int);
POINTER(char *, strchrnul, const char *, int);
POINTER(int, strcmp, const char *, const char *);
POINTER(int, strncmp, const char *, const char *, size_t);
POINTER(char *, strcpy, char *, const char *);
POINTER(char *, stpcpy, char *, const char *);
