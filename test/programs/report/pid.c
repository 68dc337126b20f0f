/* Prints something else in every run. */
#include <stdio.h>
#include <unistd.h>

__attribute__((annotate("ferry.offload"), noinline)) int twice(int x)
{
    return x * 2;
}

int main(void)
{
    printf("first\n%d\n", twice((int)getpid()));
    return 0;
}
