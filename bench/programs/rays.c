/* A ray tracer: spheres over a plane with shadows and reflections; square roots, structures by value. Argument: pictures. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define SIDE 64
#define SPHERES 12

struct vector {
	double x, y, z;
};

static struct vector centres[SPHERES];
static double radii[SPHERES];

static struct vector add(struct vector a, struct vector b) { return (struct vector){a.x + b.x, a.y + b.y, a.z + b.z}; }
static struct vector scale(struct vector a, double s) { return (struct vector){a.x * s, a.y * s, a.z * s}; }
static double dot(struct vector a, struct vector b) { return a.x * b.x + a.y * b.y + a.z * b.z; }
static struct vector unit(struct vector a) { return scale(a, 1 / sqrt(dot(a, a))); }

/* The distance to the nearest sphere, or infinity. */
__attribute__((noinline)) static double hit(struct vector from, struct vector direction, int *which)
{
	double nearest = INFINITY;
	for (int i = 0; i < SPHERES; i++) {
		struct vector to = add(centres[i], scale(from, -1));
		double along = dot(to, direction), square = dot(to, to) - along * along;
		if (along < 0 || square > radii[i] * radii[i])
			continue;
		double distance = along - sqrt(radii[i] * radii[i] - square);
		if (distance > 1e-6 && distance < nearest)
			nearest = distance, *which = i;
	}
	return nearest;
}

static double trace(struct vector from, struct vector direction, int depth)
{
	const struct vector light = unit((struct vector){1, 2, -1});
	int which = 0, ignored;
	double distance = hit(from, direction, &which);
	if (distance == INFINITY) {
		if (direction.y >= 0)
			return 0.5 + 0.5 * direction.y;
		struct vector at = add(from, scale(direction, -(from.y + 1) / direction.y));
		double shade = hit(at, light, &ignored) == INFINITY ? 1 : 0.3;
		return shade * (((long)floor(at.x + 0.37) + (long)floor(at.z + 0.41)) & 1 ? 0.9 : 0.2);
	}
	struct vector at = add(from, scale(direction, distance)), normal = unit(add(at, scale(centres[which], -1)));
	double shade = fmax(0, dot(normal, light));
	if (shade > 0 && hit(at, light, &ignored) != INFINITY)
		shade = 0;
	double colour = 0.1 + 0.6 * shade;
	if (depth > 0)
		colour += 0.3 * trace(at, add(direction, scale(normal, -2 * dot(direction, normal))), depth - 1);
	return colour;
}

int main(int argc, char **argv)
{
	long pictures = argc > 1 ? atol(argv[1]) : 20;
	double sum = 0;
	for (int i = 0; i < SPHERES; i++) {
		centres[i] = (struct vector){i % 4 * 1.1 - 1.6, i / 4 * 0.8 - 0.5, 4 + i % 3 * 0.7};
		radii[i] = 0.3 + 0.05 * (i % 5);
	}
	for (long n = 0; n < pictures; n++)
		for (int y = 0; y < SIDE; y++)
			for (int x = 0; x < SIDE; x++) {
				struct vector direction = {x * 2.0 / SIDE - 1, 1 - y * 2.0 / SIDE, 1.5};
				sum += trace((struct vector){(double)n * 0.003, 0, 0}, unit(direction), 3);
			}
	printf("rays %.4g\n", sum);
	return 0;
}
