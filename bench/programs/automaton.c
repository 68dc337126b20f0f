/*
 * A matcher of regular expressions by backtracking (literals, ., *, +, ?, ^, $, classes), and a hand-written scanner of a small
 * language as a state machine. Argument: repetitions.
 */
#include "random.h"
#include <stdio.h>
#include <stdlib.h>

#define LENGTH 20000

static char text[LENGTH + 1];

static int matches_one(const char *pattern, char letter)
{
	switch (*pattern) {
	case '.': return letter != '\n' && letter != 0;
	case '#': return letter >= '0' && letter <= '9';
	case '@': return letter >= 'a' && letter <= 'z';
	default: return letter == *pattern;
	}
}

static const char *match(const char *pattern, const char *at)
{
	for (; *pattern; pattern++) {
		if (*pattern == '$')
			return *at == 0 || *at == '\n' ? at : NULL;
		char how = pattern[1];
		if (how == '*' || how == '+' || how == '?') {
			const char *end = at;
			while (matches_one(pattern, *end) && (how != '?' || end == at))
				end++;
			for (const char *least = at + (how == '+'); end >= least; end--) {
				const char *rest = match(pattern + 2, end);
				if (rest)
					return rest;
			}
			return NULL;
		}
		if (!matches_one(pattern, *at))
			return NULL;
		at++;
	}
	return at;
}

__attribute__((noinline)) static int count_matches(const char *pattern)
{
	int count = 0;
	for (const char *at = text; *at;) {
		const char *end = match(pattern, at);
		count += end != NULL;
		at = end && end > at ? end : at + 1;
	}
	return count;
}

enum state { BETWEEN, WORD, INTEGER, FRACTION, OPERATOR, QUOTED };

__attribute__((noinline)) static uint64_t scan(void)
{
	enum state state = BETWEEN;
	uint32_t counts[6] = {0};
	for (const char *at = text; *at; at++) {
		char c = *at;
		switch (state) {
		case QUOTED:
			if (c == '"')
				state = BETWEEN;
			continue;
		case WORD:
			if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
				continue;
			break;
		case INTEGER:
			if (c == '.') {
				state = FRACTION;
				continue;
			}
			/* falls through */
		case FRACTION:
			if (c >= '0' && c <= '9')
				continue;
			break;
		default: break;
		}
		counts[state]++;
		if (c >= 'a' && c <= 'z')
			state = WORD;
		else if (c >= '0' && c <= '9')
			state = INTEGER;
		else if (c == '"')
			state = QUOTED;
		else if (c == ' ' || c == '\n')
			state = BETWEEN;
		else
			state = OPERATOR;
	}
	uint64_t sum = 0;
	for (int i = 0; i < 6; i++)
		sum = sum * 1000003 + counts[i];
	return sum;
}

int main(int argc, char **argv)
{
	static const char *const patterns[] = {"@+ = #+", "#+.?#*", "a.*z", "@@*#", "\"@* @*\"", "(@+)$", "x?y?z?#", "= #*;$"};
	static const char *const parts[] = {"if", "x1", " = ", "12", "3.14", "(", ")", " ", "+", "name", "\"a b\"", ";\n", "zz", "y", "aq", "7"};
	long repetitions = argc > 1 ? atol(argv[1]) : 50;
	uint64_t sum = 0;
	for (long n = 0; n < repetitions; n++) {
		int place = 0;
		while (place + 8 < LENGTH)
			for (const char *part = parts[random_next() % 16]; *part; part++)
				text[place++] = *part;
		text[place] = 0;
		for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++)
			sum = sum * 31 + (uint64_t)count_matches(patterns[i]);
		sum ^= scan() + scan();
	}
	printf("automaton %016llx\n", (unsigned long long)sum);
	return 0;
}
