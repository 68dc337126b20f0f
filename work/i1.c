/* Indirect calls: objects with a table of functions, visited in an order that no predictor knows by heart. Argument: millions of calls. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

struct object;
struct class {
	uint64_t (*step)(struct object *self, uint64_t input);
};
struct object {
	const struct class *class;
	uint64_t state;
};

static uint64_t add(struct object *self, uint64_t input) { return self->state += input; }
static uint64_t mix(struct object *self, uint64_t input) { return self->state = (self->state ^ input) * 0x9e3779b97f4a7c15; }
static uint64_t turn(struct object *self, uint64_t input) { return self->state = (self->state << 7 | self->state >> 57) ^ input; }
static uint64_t max(struct object *self, uint64_t input) { return self->state = self->state > input ? self->state - 1 : input; }
static uint64_t count(struct object *self, uint64_t input) { return self->state += __builtin_parityll(input) + 1; }

const struct class classes[] = {{add}, {mix}, {turn}, {max}, {count}};

#define OBJECTS 1024

struct e{uint64_t pc; void*host;}; struct e *table; uint64_t mask; __attribute__((noinline)) uint64_t slow(struct object*o,uint64_t i){return 0;}
int main(int argc, char **argv)
{
	long calls = (argc > 1 ? atol(argv[1]) : 150) * 1000000;
	static struct object objects[OBJECTS];
	uint64_t random = 1;
	for (int i = 0; i < OBJECTS; i++) {
		random = random * 6364136223846793005 + 1442695040888963407;
		objects[i].class = &classes[(random >> 33) % (sizeof classes / sizeof *classes)];
		objects[i].state = random;
	}
	uint64_t value = 0; table=aligned_alloc(4096,65536); mask=63*2;
 for(;;){ int bad=0; for(int i=0;i<4096;i++)table[i].pc=1; for(int i=0;i<5;i++){uint64_t p=(uint64_t)classes[i].step>>3; /*fns 16-aligned: use pc>>3 as even guest pc*/ struct e*e=(void*)((char*)table+(p&mask)*8); if(e->pc!=1)bad=1; e->pc=p; e->host=classes[i].step;} if(!bad)break; mask=mask*2+2; }
 __asm__ volatile(""::: "memory");
	for (long i = 0; i < calls; i++) {
		struct object *object = &objects[i % OBJECTS];
		uint64_t pc=(uint64_t)object->class->step>>3; struct e*e=(void*)((char*)table+(pc&mask)*8); void*h=e->host; void*f=(void*)slow; __asm__("cmpq %2,%1\n\tcmove %3,%0":"+r"(f):"r"(pc),"m"(e->pc),"r"(h):"cc"); value=((uint64_t(*)(struct object*,uint64_t))f)(object,value);
	}
	printf("indirect %016llx\n", (unsigned long long)value);
	return 0;
}
