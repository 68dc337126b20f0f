/* Monte Carlo: pi from random points, and the price of an option with exp, log and sqrt. Argument: thousands of samples. */
#include "random.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
	long samples = (argc > 1 ? atol(argv[1]) : 5000) * 1000, inside = 0;
	double payoff = 0;
	for (long i = 0; i < samples; i++) {
		double x = random_unit(), y = random_unit();
		if (x * x + y * y < 1)
			inside++;
		if (i % 8 == 0) {
			double normal = sqrt(-2 * log(x + 1e-9)) * cos(2 * M_PI * y);
			double price = 100 * exp(0.03 - 0.02 + 0.2 * normal);
			if (price > 105)
				payoff += price - 105;
		}
	}
	printf("montecarlo %.6f %.6g\n", 4.0 * (double)inside / (double)samples, 8 * payoff / (double)samples);
	return 0;
}
