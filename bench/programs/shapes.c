/* Virtual methods: a scene of shapes, groups and transformations, each with a table of functions. Argument: thousands of rays. */
#include "random.h"
#include <stdio.h>
#include <stdlib.h>

struct shape;
struct methods {
	int (*contains)(const struct shape *self, int32_t x, int32_t y);
	int32_t (*area)(const struct shape *self);
	void (*move)(struct shape *self, int32_t x, int32_t y);
};
struct shape {
	const struct methods *methods;
	int32_t a, b, c, d;
	struct shape *first, *second;
};

static int in_box(const struct shape *s, int32_t x, int32_t y) { return x >= s->a && x < s->a + s->c && y >= s->b && y < s->b + s->d; }
static int32_t box_area(const struct shape *s) { return s->c * s->d; }
static void move(struct shape *s, int32_t x, int32_t y) { s->a += x, s->b += y; }

static int in_disc(const struct shape *s, int32_t x, int32_t y) { return (x - s->a) * (x - s->a) + (y - s->b) * (y - s->b) <= s->c * s->c; }
static int32_t disc_area(const struct shape *s) { return 3 * s->c * s->c; }

static int in_diamond(const struct shape *s, int32_t x, int32_t y) { return abs(x - s->a) + abs(y - s->b) <= s->c; }
static int32_t diamond_area(const struct shape *s) { return 2 * s->c * s->c; }

static int in_union(const struct shape *s, int32_t x, int32_t y)
{
	return s->first->methods->contains(s->first, x, y) || s->second->methods->contains(s->second, x, y);
}
static int in_difference(const struct shape *s, int32_t x, int32_t y)
{
	return s->first->methods->contains(s->first, x, y) && !s->second->methods->contains(s->second, x, y);
}
static int in_mirror(const struct shape *s, int32_t x, int32_t y) { return s->first->methods->contains(s->first, 1024 - y, x); }
static int32_t pair_area(const struct shape *s) { return s->first->methods->area(s->first) + (s->second ? s->second->methods->area(s->second) : 0); }
static void move_pair(struct shape *s, int32_t x, int32_t y)
{
	s->first->methods->move(s->first, x, y);
	if (s->second)
		s->second->methods->move(s->second, x, y);
}

static const struct methods kinds[] = {
	{in_box, box_area, move},	   {in_disc, disc_area, move},		  {in_diamond, diamond_area, move},
	{in_union, pair_area, move_pair}, {in_difference, pair_area, move_pair}, {in_mirror, pair_area, move_pair},
};

static struct shape *make(int depth)
{
	struct shape *shape = calloc(1, sizeof *shape);
	uint32_t kind = depth == 0 ? random_next() % 3 : 3 + random_next() % 3;
	*shape = (struct shape){&kinds[kind], (int32_t)(random_next() % 1024), (int32_t)(random_next() % 1024),
				(int32_t)(random_next() % 400), (int32_t)(random_next() % 400), NULL, NULL};
	if (depth > 0)
		shape->first = make(depth - 1);
	if (depth > 0 && kind < 5)
		shape->second = make(depth - 1);
	return shape;
}

int main(int argc, char **argv)
{
	long rays = (argc > 1 ? atol(argv[1]) : 500) * 1000;
	struct shape *scene = make(7);
	uint64_t sum = 0;
	for (long i = 0; i < rays; i++) {
		uint32_t value = random_next();
		sum += (uint64_t)scene->methods->contains(scene, value & 1023, value >> 10 & 1023);
		if (value % 1024 == 0) {
			scene->methods->move(scene, (int32_t)(value >> 30) - 1, 1 - (int32_t)(value >> 28 & 3) / 2);
			sum = sum * 31 + (uint64_t)scene->methods->area(scene);
		}
	}
	printf("shapes %016llx\n", (unsigned long long)sum);
	return 0;
}
