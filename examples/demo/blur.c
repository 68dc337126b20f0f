/* Image filters on 8-bit pixels: a 5x5 Gaussian blur and a median of three. */
#include "demo.h"

static const int16_t kernel[5][5] = {
	{1, 4, 6, 4, 1}, {4, 16, 24, 16, 4}, {6, 24, 36, 24, 6}, {4, 16, 24, 16, 4}, {1, 4, 6, 4, 1},
};

/* The border of two pixels of `out` stays as it is. */
void blur(const uint8_t *restrict in, uint8_t *restrict out, int width, int height)
{
	for (int y = 2; y < height - 2; y++)
		for (int x = 2; x < width - 2; x++) {
			int sum = 128;
			for (int dy = -2; dy <= 2; dy++)
				for (int dx = -2; dx <= 2; dx++)
					sum += kernel[dy + 2][dx + 2] * in[(y + dy) * width + x + dx];
			out[y * width + x] = (uint8_t)(sum >> 8);
		}
}

static uint8_t least(uint8_t a, uint8_t b)
{
	return a < b ? a : b;
}

static uint8_t greatest(uint8_t a, uint8_t b)
{
	return a > b ? a : b;
}

/* Of each pixel and its neighbours in the row; the first and the last pixel stay as they are. */
void median3(const uint8_t *restrict in, uint8_t *restrict out, int count)
{
	for (int i = 1; i < count - 1; i++) {
		uint8_t a = in[i - 1], b = in[i], c = in[i + 1];
		out[i] = greatest(least(a, b), least(greatest(a, b), c));
	}
}
