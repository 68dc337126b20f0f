// A host function writes to its forked child through a pipe.
#include "sides.h"
#include <sys/wait.h>
#include <unistd.h>
HOST long consume(int from) { long sum = 0, value; while (read(from, &value, sizeof value) == sizeof value) sum += value; return sum; }
HOST long talk(int n)
{
	int there[2], back[2];
	long sum = 0;
	if (pipe(there) || pipe(back)) return -1;
	if (fork() == 0) {
		close(there[1]);
		sum = consume(there[0]);
		_exit(write(back[1], &sum, sizeof sum) != sizeof sum);
	}
	for (long i = 0; i < n; i++) if (write(there[1], &i, sizeof i) != sizeof i) return -2;
	close(there[1]);
	if (read(back[0], &sum, sizeof sum) != sizeof sum) return -3;
	wait(0);
	return sum;
}
GUEST int main(void) { printf("%ld\n", talk(1000)); return 0; }
