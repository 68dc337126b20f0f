/* A loop around a switch: a small stack machine that runs a sieve of Eratosthenes. Argument: repetitions. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum op { PUSH, LOAD, STORE, FETCH, PUT, ADD, MUL, LESS, JUMP, JUMP_ZERO, INCREMENT, HALT };

#define LIMIT 30000

/* Variables: 0 i, 1 j, 2 count. The sieve itself is memory that FETCH and PUT address. */
static const int32_t code[] = {
	/*  0 */ PUSH, 2, STORE, 0,		       /* i = 2 */
	/*  4 */ LOAD, 0, PUSH, LIMIT, LESS, JUMP_ZERO, 56, /* while i < LIMIT */
	/* 11 */ LOAD, 0, FETCH, JUMP_ZERO, 19,	       /* composite: next i */
	/* 16 */ JUMP, 52, HALT,
	/* 19 */ INCREMENT, 2,			       /* count++ */
	/* 21 */ LOAD, 0, PUSH, 2, MUL, STORE, 1,      /* j = 2 * i */
	/* 28 */ LOAD, 1, PUSH, LIMIT, LESS, JUMP_ZERO, 52, /* while j < LIMIT */
	/* 35 */ PUSH, 1, LOAD, 1, PUT,		       /* sieve[j] = 1 */
	/* 40 */ LOAD, 1, LOAD, 0, ADD, STORE, 1,      /* j += i */
	/* 47 */ JUMP, 28, HALT, HALT, HALT,
	/* 52 */ INCREMENT, 0, JUMP, 4,
	/* 56 */ HALT,
};

static uint8_t sieve[LIMIT];

static long interpret(const int32_t *pc, long *steps)
{
	long stack[16], *sp = stack, variables[3] = {0, 0, 0};
	const int32_t *start = pc;
	for (long n = 1;; n++) {
		switch (*pc++) {
		case PUSH: *sp++ = *pc++; break;
		case LOAD: *sp++ = variables[*pc++]; break;
		case STORE: variables[*pc++] = *--sp; break;
		case FETCH: sp[-1] = sieve[sp[-1]]; break;
		case PUT: sp -= 2; sieve[sp[1]] = (uint8_t)sp[0]; break;
		case ADD: sp--; sp[-1] += sp[0]; break;
		case MUL: sp--; sp[-1] *= sp[0]; break;
		case LESS: sp--; sp[-1] = sp[-1] < sp[0]; break;
		case JUMP: pc = start + *pc; break;
		case JUMP_ZERO: pc = *--sp ? pc + 1 : start + *pc; break;
		case INCREMENT: variables[*pc++]++; break;
		case HALT: *steps += n; return variables[2];
		}
	}
}

int main(int argc, char **argv)
{
	int repetitions = argc > 1 ? atoi(argv[1]) : 250;
	long primes = 0, steps = 0;
	for (int i = 0; i < repetitions; i++) {
		for (int k = 0; k < LIMIT; k++)
			sieve[k] = 0;
		primes += interpret(code, &steps);
	}
	printf("interpreter %ld primes, %ld steps\n", primes, steps);
	return 0;
}
