/* The Sun and the four giant planets, integrated step by step. Units: astronomical units, days, solar masses. */
#include "demo.h"
#include <math.h>

#define BODIES 5
#define DAYS_PER_YEAR 365.24
#define SOLAR_MASS (4 * M_PI * M_PI)

struct body {
	double x[3], v[3], mass;
};

static const struct body start[BODIES] = {
	{{0, 0, 0}, {0, 0, 0}, 1},
	{{4.84143144246472090e+00, -1.16032004402742839e+00, -1.03622044471123109e-01},
	 {1.66007664274403694e-03, 7.69901118419740425e-03, -6.90460016972063023e-05},
	 9.54791938424326609e-04},
	{{8.34336671824457987e+00, 4.12479856412430479e+00, -4.03523417114321381e-01},
	 {-2.76742510726411234e-03, 4.99852801234917238e-03, 2.30417297573763929e-05},
	 2.85885980666130812e-04},
	{{1.28943695621391310e+01, -1.51111514016986312e+01, -2.23307578892655734e-01},
	 {2.96460137564761618e-03, 2.37847173959480950e-03, -2.96589568540237556e-05},
	 4.36624404335156298e-05},
	{{1.53796971148509165e+01, -2.59193146099879641e+01, 1.79258772950371181e-01},
	 {2.68067772490389322e-03, 1.62824170038242295e-03, -9.51592254519715870e-05},
	 5.15138902046611451e-05},
};

static void prepare(struct body bodies[BODIES])
{
	double momentum[3] = {0, 0, 0};
	for (int i = 0; i < BODIES; i++) {
		bodies[i] = start[i];
		bodies[i].mass *= SOLAR_MASS;
		for (int k = 0; k < 3; k++) {
			bodies[i].v[k] *= DAYS_PER_YEAR;
			momentum[k] += bodies[i].v[k] * bodies[i].mass;
		}
	}
	for (int k = 0; k < 3; k++)
		bodies[0].v[k] = -momentum[k] / SOLAR_MASS;
}

static void advance(struct body bodies[BODIES], double dt)
{
	for (int i = 0; i < BODIES; i++) {
		for (int j = i + 1; j < BODIES; j++) {
			double d[3], square = 0;
			for (int k = 0; k < 3; k++) {
				d[k] = bodies[i].x[k] - bodies[j].x[k];
				square += d[k] * d[k];
			}
			double force = dt / (square * sqrt(square));
			for (int k = 0; k < 3; k++) {
				bodies[i].v[k] -= d[k] * bodies[j].mass * force;
				bodies[j].v[k] += d[k] * bodies[i].mass * force;
			}
		}
	}
	for (int i = 0; i < BODIES; i++)
		for (int k = 0; k < 3; k++)
			bodies[i].x[k] += dt * bodies[i].v[k];
}

static double energy(const struct body bodies[BODIES])
{
	double sum = 0;
	for (int i = 0; i < BODIES; i++) {
		for (int k = 0; k < 3; k++)
			sum += 0.5 * bodies[i].mass * bodies[i].v[k] * bodies[i].v[k];
		for (int j = i + 1; j < BODIES; j++) {
			double square = 0;
			for (int k = 0; k < 3; k++)
				square += (bodies[i].x[k] - bodies[j].x[k]) * (bodies[i].x[k] - bodies[j].x[k]);
			sum -= bodies[i].mass * bodies[j].mass / sqrt(square);
		}
	}
	return sum;
}

/* Calls `progress` every so many steps: native code that calls a function of the guest through a pointer. */
double nbody_run(long steps, long every, nbody_progress *progress)
{
	struct body bodies[BODIES];
	prepare(bodies);
	for (long step = 1; step <= steps; step++) {
		advance(bodies, 0.01);
		if (step % every == 0)
			progress(step, energy(bodies));
	}
	return energy(bodies);
}
