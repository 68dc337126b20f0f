/* What a report counts: calls that cross, calls between offloaded functions, recursion, calls without return. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define OFFLOAD __attribute__((annotate("ferry.offload"), noinline))
#define GUEST __attribute__((annotate("ferry.guest"), noinline))

OFFLOAD unsigned mix(unsigned x)
{
    for (int i = 0; i < 40; i++)
        x = x * 1664525u + (x >> 7);
    return x;
}

OFFLOAD unsigned kernel(unsigned seed, int rounds)
{
    unsigned sum = 0;
    for (int i = 0; i < rounds; i++)
        sum ^= mix(seed + i);
    return sum;
}

OFFLOAD unsigned tree(int depth)
{
    if (depth == 0)
        return 1;
    return tree(depth - 1) * 3 + tree(depth - 1);
}

OFFLOAD void leave(int status)
{
    exit(status);
}

GUEST int main(int argc, char **argv)
{
    char line[64] = "";
    unsigned sum = 0;
    if (argc > 1 && strcmp(argv[1], "wait") == 0) {
        printf("%d\n", (int)getpid());
        fflush(stdout);
        for (;;)
            pause();
    }
    if (!fgets(line, sizeof line, stdin))
        strcpy(line, "nothing\n");
    for (int i = 0; i < 20; i++)
        sum += kernel(i, 100);
    sum += tree(8);
    printf("%s %d %08x %s", argv[0], argc, sum, line);
    fflush(stdout);
    if (argc > 1 && strcmp(argv[1], "abort") == 0)
        abort();
    leave(argc > 1 ? atoi(argv[1]) : 0);
}
