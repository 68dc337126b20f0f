/* A kernel that pays, and a helper that has to stay. Argument: rounds. */
#include <stdio.h>
#include <stdlib.h>

#define SIZE 4096

static float signal[SIZE], smooth[SIZE];

__attribute__((noinline)) static void filter(const float *in, float *out, int n)
{
    for (int i = 2; i < n - 2; i++)
        out[i] = (in[i - 2] + 4 * in[i - 1] + 6 * in[i] + 4 * in[i + 1] + in[i + 2]) / 16;
}

__attribute__((annotate("ferry.guest"), noinline)) static void say(int round, float value)
{
    printf("round %d: %.3f\n", round, value);
}

int main(int argc, char **argv)
{
    int rounds = argc > 1 ? atoi(argv[1]) : 1;
    for (int i = 0; i < SIZE; i++)
        signal[i] = (float)(i * 7919 % 1009);
    for (int round = 0; round < rounds; round++) {
        for (int k = 0; k < 100; k++) {
            filter(signal, smooth, SIZE);
            filter(smooth, signal, SIZE);
        }
        say(round, signal[SIZE / 2]);
    }
    return 0;
}
