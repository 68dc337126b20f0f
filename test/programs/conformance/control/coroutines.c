// Coroutines on stacks of their own (ucontext) call host functions; the functions that switch stay.
#include "sides.h"
#include <ucontext.h>
static ucontext_t main_context, contexts[3];
static int current, log_[30], n;
HOST int work(int who, int round) { int v = who; for (int i = 0; i < 100; i++) v = (v * 5 + round) % 97; return v; }
GUEST void run(int who)
{
	for (int round = 0; round < 5; round++) { log_[n++] = work(who, round); current = who; swapcontext(&contexts[who], &main_context); }
}
GUEST int main(void)
{
	static char stacks[3][65536];
	for (int i = 0; i < 3; i++) {
		getcontext(&contexts[i]);
		contexts[i].uc_stack.ss_sp = stacks[i];
		contexts[i].uc_stack.ss_size = sizeof stacks[i];
		contexts[i].uc_link = &main_context;
		makecontext(&contexts[i], (void (*)(void))run, 1, i);
	}
	for (int round = 0; round < 5; round++) for (int i = 0; i < 3; i++) swapcontext(&main_context, &contexts[i]);
	for (int i = 0; i < n; i++) printf("%d ", log_[i]);
	printf("%d\n", current);
	return 0;
}
