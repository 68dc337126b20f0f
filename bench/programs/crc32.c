/* CRC-32 by a table of bytes. Argument: MiB. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static uint32_t table[256];

__attribute__((noinline)) static uint32_t update(uint32_t crc, const uint8_t *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		crc = table[(crc ^ bytes[i]) & 0xff] ^ crc >> 8;
	return crc;
}

int main(int argc, char **argv)
{
	long megabytes = argc > 1 ? atol(argv[1]) : 100;
	static uint8_t buffer[1 << 20];
	for (uint32_t i = 0; i < 256; i++) {
		uint32_t value = i;
		for (int bit = 0; bit < 8; bit++)
			value = value >> 1 ^ (value & 1 ? 0xedb88320 : 0);
		table[i] = value;
	}
	for (size_t i = 0; i < sizeof buffer; i++)
		buffer[i] = (uint8_t)(i * 131 >> 3);
	uint32_t crc = ~0u;
	for (long i = 0; i < megabytes; i++)
		crc = update(crc, buffer, sizeof buffer);
	printf("crc32 %08x\n", ~crc);
	return 0;
}
