/* A threaded interpreter: computed goto from each instruction to the next, of a register machine. Argument: millions of rounds of its loop. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

struct instruction {
	const void *label;
	uint8_t to, from;
	int32_t number;
};

static uint64_t run(uint64_t rounds)
{
	static const void *const labels[] = {&&set, &&add, &&sub, &&xor, &&shift, &&mul, &&load, &&store, &&odd, &&jump, &&loop, &&halt};
	enum { SET, ADD, SUB, XOR, SHIFT, MUL, LOAD, STORE, ODD, JUMP, LOOP, HALT };
	static const struct {
		uint8_t op, to, from;
		int32_t number;
	} source[] = {
		{SET, 1, 0, 12345}, {SET, 2, 0, 0},
		/* 2: */ {MUL, 1, 0, 1103515245}, {ADD, 1, 0, 12345}, {SET, 3, 0, 0}, {XOR, 3, 1, 0}, {SHIFT, 3, 0, 16},
		{ODD, 3, 0, 10}, {SUB, 2, 3, 0}, {JUMP, 0, 0, 12},
		/* 10: */ {LOAD, 4, 3, 0}, {XOR, 2, 4, 0},
		/* 12: */ {ADD, 3, 2, 0}, {STORE, 2, 3, 0}, {ADD, 2, 0, 7}, {LOOP, 0, 0, 2}, {HALT, 0, 0, 0},
	};
	struct instruction code[sizeof source / sizeof *source];
	for (size_t i = 0; i < sizeof source / sizeof *source; i++)
		code[i] = (struct instruction){labels[source[i].op], source[i].to, source[i].from, source[i].number};
	static uint64_t memory[256];
	uint64_t registers[8] = {rounds};
	const struct instruction *pc = code - 1;
#define NEXT goto *(++pc)->label
#define SOURCE (pc->from ? registers[pc->from] : (uint64_t)(int64_t)pc->number)
	NEXT;
set:	registers[pc->to] = (uint64_t)(int64_t)pc->number; NEXT;
add:	registers[pc->to] += SOURCE; NEXT;
sub:	registers[pc->to] -= SOURCE; NEXT;
xor:	registers[pc->to] ^= SOURCE; NEXT;
shift:	registers[pc->to] >>= pc->number; NEXT;
mul:	registers[pc->to] *= SOURCE; NEXT;
load:	registers[pc->to] = memory[registers[pc->from] & 255]; NEXT;
store:	memory[registers[pc->from] & 255] = registers[pc->to]; NEXT;
odd:	if (registers[pc->to] & 1) pc = code + pc->number - 1; NEXT;
jump:	pc = code + pc->number - 1; NEXT;
loop:	if (--registers[0]) pc = code + pc->number - 1; NEXT;
halt:	return registers[2];
}

int main(int argc, char **argv)
{
	uint64_t rounds = (argc > 1 ? strtoul(argv[1], NULL, 10) : 10) * 1000000;
	printf("threaded %016llx\n", (unsigned long long)run(rounds));
	return 0;
}
