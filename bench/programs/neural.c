/* A small neural network in single precision, trained by back-propagation. Argument: hundreds of steps. */
#include "random.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define INPUTS 64
#define HIDDEN 48
#define OUTPUTS 10

static float weights[HIDDEN][INPUTS], outer[OUTPUTS][HIDDEN];

__attribute__((noinline)) static float train(const float *input, int label)
{
	float hidden[HIDDEN], output[OUTPUTS], error[OUTPUTS], loss = 0;
	for (int i = 0; i < HIDDEN; i++) {
		float sum = 0;
		for (int j = 0; j < INPUTS; j++)
			sum += weights[i][j] * input[j];
		hidden[i] = sum > 0 ? sum : sum * 0.1f;
	}
	for (int i = 0; i < OUTPUTS; i++) {
		float sum = 0;
		for (int j = 0; j < HIDDEN; j++)
			sum += outer[i][j] * hidden[j];
		output[i] = 1 / (1 + expf(-sum));
		error[i] = (i == label ? 1.0f : 0.0f) - output[i];
		loss += error[i] * error[i];
	}
	for (int j = 0; j < HIDDEN; j++) {
		float back = 0;
		for (int i = 0; i < OUTPUTS; i++) {
			back += error[i] * outer[i][j];
			outer[i][j] += 0.05f * error[i] * hidden[j];
		}
		if (hidden[j] < 0)
			back *= 0.1f;
		for (int k = 0; k < INPUTS; k++)
			weights[j][k] += 0.05f * back * input[k];
	}
	return loss;
}

int main(int argc, char **argv)
{
	long steps = (argc > 1 ? atol(argv[1]) : 200) * 100;
	float input[INPUTS];
	double loss = 0;
	for (int i = 0; i < HIDDEN; i++)
		for (int j = 0; j < INPUTS; j++)
			weights[i][j] = (float)random_unit() * 0.2f - 0.1f;
	for (int i = 0; i < OUTPUTS; i++)
		for (int j = 0; j < HIDDEN; j++)
			outer[i][j] = (float)random_unit() * 0.2f - 0.1f;
	for (long n = 0; n < steps; n++) {
		int label = (int)(random_next() % OUTPUTS);
		for (int i = 0; i < INPUTS; i++)
			input[i] = (i % OUTPUTS == label ? 0.6f : 0.1f) + (float)random_unit() * 0.3f;
		loss += (double)train(input, label);
	}
	printf("neural %.3g\n", loss / (double)steps);
	return 0;
}
