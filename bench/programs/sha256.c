/* SHA-256 of a generated buffer. Argument: MiB. */
#include "../../examples/demo/sha256.c"
#include "kernel-time.h"
#include <stdlib.h>

int main(int argc, char **argv)
{
	int megabytes = argc > 1 ? atoi(argv[1]) : 160;
	static uint8_t buffer[1 << 20];
	for (size_t i = 0; i < sizeof buffer; i++)
		buffer[i] = (uint8_t)(i * 131 >> 3);
	struct sha256 hash;
	uint8_t digest[32];
	sha256_init(&hash);
	double start = seconds_now();
	for (int i = 0; i < megabytes; i++)
		sha256_update(&hash, buffer, sizeof buffer);
	print_kernel_time(start);
	sha256_final(&hash, digest);
	printf("sha256 ");
	for (int i = 0; i < 32; i++)
		printf("%02x", digest[i]);
	printf("\n");
	return 0;
}
