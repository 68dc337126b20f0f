// Signals leave the registers of the host code that they interrupt as they are: integers, doubles, vectors.
#include "sides.h"
#include <math.h>
#include <signal.h>
#include <sys/time.h>
static volatile sig_atomic_t ticks;
static double noise[16];
GUEST void tick(int number)
{
	for (int i = 0; i < 16; i++) noise[i] = noise[i] * 1.5 + number + i;
	ticks++;
}
HOST unsigned long mix(unsigned long n)
{
	unsigned long a = 1, b = 2, c = 3, d = 4, e = 5, f = 6, g = 7, h = 8;
	for (unsigned long i = 0; i < n; i++) { a += b ^ i; b = b * 3 + c; c ^= d >> 3; d += e; e = e * 5 + f; f ^= g; g += h * a; h = h * 7 + 1; }
	return a ^ b ^ c ^ d ^ e ^ f ^ g ^ h;
}
HOST double blend(float *v, int n)
{
	double sum = 0;
	for (int k = 0; k < 4000; k++)
		for (int i = 0; i < n; i++) { v[i] = v[i] * 0.5f + (float)i; sum += v[i]; }
	return sum;
}
GUEST int main(void)
{
	float v[1000] = {0}, w[1000] = {0};
	unsigned long plain = mix(3000000);
	double quiet = blend(w, 1000);
	struct itimerval timer = {{0, 500}, {0, 500}};
	signal(SIGALRM, tick);
	setitimer(ITIMER_REAL, &timer, 0);
	int same = 0;
	for (int i = 0; i < 8; i++) { memset(v, 0, sizeof v); same += mix(3000000) == plain && blend(v, 1000) == quiet; }
	memset(&timer, 0, sizeof timer);
	setitimer(ITIMER_REAL, &timer, 0);
	printf("%d %d\n", same, ticks > 3);
	return 0;
}
