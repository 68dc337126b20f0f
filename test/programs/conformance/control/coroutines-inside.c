// Functions that wait in a coroutine while others run: they stay, whoever wants them on the host, and those that only compute leave.
#include "sides.h"
#include <ucontext.h>
static ucontext_t main_context, contexts[3];
static void yield(int who) { swapcontext(&contexts[who], &main_context); }
static void (*volatile pause_of)(int) = yield;
HOST int compute(int value) { for (int i = 0; i < 100; i++) value = (value * 5 + 3) % 97; return value; }
HOST int deep(int who, int level)
{
	if (level == 0) { pause_of(who); return compute(who); }
	int below = deep(who, level - 1);
	return below * 3 + level;
}
HOST void run(int who)
{
	for (int round = 0; round < 4; round++) { printf("%d in %d\n", who, round); printf("%d: %d\n", who, deep(who, 3 + who)); yield(who); }
}
int main(void)
{
	static char stacks[3][65536];
	for (int i = 0; i < 3; i++) {
		getcontext(&contexts[i]);
		contexts[i].uc_stack.ss_sp = stacks[i];
		contexts[i].uc_stack.ss_size = sizeof stacks[i];
		contexts[i].uc_link = &main_context;
		makecontext(&contexts[i], (void (*)(void))run, 1, i);
	}
	for (int round = 0; round < 8; round++) for (int i = 0; i < 3; i++) swapcontext(&main_context, &contexts[(i * 2 + round) % 3]);
	return 0;
}
