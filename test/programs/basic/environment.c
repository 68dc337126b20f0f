// Arguments, environment and auxiliary vector.
#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

extern char **environ;
extern char _start[], __ehdr_start[];

int main(int argc, char **argv) {
  for (int i = 1; i < argc; i++) printf("argument %d [%s]\n", i, argv[i]);
  printf("%d %d\n", argc, argv[argc] == NULL);
  printf("%s %s\n", getenv("FERRY_TEST"), getenv("FERRY_EMPTY"));
  int count = 0;
  for (char **e = environ; *e; e++) count += !strncmp(*e, "FERRY_", 6);
  setenv("FERRY_NEW", "set", 1);
  unsetenv("FERRY_TEST");
  printf("%d %s %d\n", count, getenv("FERRY_NEW"), getenv("FERRY_TEST") == NULL);
  const char *name = strrchr(argv[0], '/');
  const char *executed = strrchr((const char *)getauxval(AT_EXECFN), '/');
  printf("%s %s\n", name ? name + 1 : argv[0], executed + 1);
  printf("page %lu clock %lu secure %lu\n", getauxval(AT_PAGESZ), getauxval(AT_CLKTCK), getauxval(AT_SECURE));
  printf("entry %d headers %d of %lu, %lu\n", getauxval(AT_ENTRY) == (unsigned long)_start, getauxval(AT_PHDR) == (unsigned long)__ehdr_start + sizeof(Elf64_Ehdr), getauxval(AT_PHENT), getauxval(AT_PHNUM));
  const unsigned char *random = (const unsigned char *)getauxval(AT_RANDOM);
  int bits = 0;
  for (int i = 0; i < 16; i++) bits |= random[i];
  printf("random %d uid %d hwcap IMAFDC %d\n", bits != 0, getauxval(AT_UID) == getuid(), (getauxval(AT_HWCAP) & 0x112d) == 0x112d);
  return argc;
}
