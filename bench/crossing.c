/*
 * What a call across the bridge costs. Prints nanoseconds for each call of `int f(int, int)`, loop included:
 * guest to guest and guest to host from a loop on the guest, host to host and host to guest from a loop on the host.
 * Argument: millions of calls.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define ON_HOST __attribute__((noinline, annotate("ferry.offload")))
#define ON_GUEST __attribute__((noinline, annotate("ferry.guest")))

typedef int function(int, int);

ON_HOST static int host_function(int a, int b)
{
	return a * 3 + b;
}

ON_GUEST static int guest_function(int a, int b)
{
	return a * 3 + b;
}

ON_GUEST static int guest_to_host(long calls)
{
	int value = 1;
	for (long i = 0; i < calls; i++)
		value = host_function(value, (int)i);
	return value;
}

ON_GUEST static int guest_to_guest(long calls)
{
	int value = 1;
	for (long i = 0; i < calls; i++)
		value = guest_function(value, (int)i);
	return value;
}

ON_HOST static int host_to_guest(long calls)
{
	int value = 1;
	for (long i = 0; i < calls; i++)
		value = guest_function(value, (int)i);
	return value;
}

ON_HOST static int host_to_host(long calls)
{
	int value = 1;
	for (long i = 0; i < calls; i++)
		value = host_function(value, (int)i);
	return value;
}

ON_HOST static int host_to_pointer(long calls, function *pointer)
{
	int value = 1;
	for (long i = 0; i < calls; i++)
		value = pointer(value, (int)i);
	return value;
}

static double seconds_now(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static int wrong;

ON_GUEST static void measure(const char *name, int (*loop)(long), long calls)
{
	static int expected;
	loop(1000);
	double start = seconds_now();
	int value = loop(calls);
	printf("%s %.2f ns\n", name, (seconds_now() - start) * 1e9 / (double)calls);
	if (!expected)
		expected = value;
	wrong |= value != expected;
}

ON_HOST static int to_guest_pointer(long calls)
{
	return host_to_pointer(calls, guest_function);
}

ON_HOST static int to_host_pointer(long calls)
{
	return host_to_pointer(calls, host_function);
}

ON_GUEST int main(int argc, char **argv)
{
	long calls = (argc > 1 ? atol(argv[1]) : 20) * 1000000;
	measure("guest-guest", guest_to_guest, calls);
	measure("guest-host-guest", guest_to_host, calls);
	measure("host-host", host_to_host, calls);
	measure("host-guest-host", host_to_guest, calls);
	measure("host-pointer-guest-host", to_guest_pointer, calls);
	measure("host-pointer-host", to_host_pointer, calls);
	return wrong;
}
