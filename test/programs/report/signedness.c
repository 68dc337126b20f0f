/* Prints what the architecture of the build decides: plain char is unsigned on RISC-V and signed on x86-64. */
#include <stdio.h>

__attribute__((annotate("ferry.offload"), noinline)) int widen(char c)
{
    return c;
}

int main(void)
{
    printf("%d\n", widen((char)200));
    return 0;
}
