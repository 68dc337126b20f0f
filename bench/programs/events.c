/* A discrete simulation: a heap of events, each with its own callback that posts others. Argument: thousands of events. */
#include "random.h"
#include <stdio.h>
#include <stdlib.h>

struct event {
	uint64_t time;
	void (*action)(struct event *event);
	uint32_t station;
};

#define STATIONS 256
#define PENDING 4096

static struct event heap[PENDING];
static int pending;
static uint64_t totals[STATIONS], queues[STATIONS];

static void post(uint64_t time, void (*action)(struct event *), uint32_t station)
{
	int place = pending++;
	for (; place > 0 && heap[(place - 1) / 2].time > time; place = (place - 1) / 2)
		heap[place] = heap[(place - 1) / 2];
	heap[place] = (struct event){time, action, station};
}

static struct event take(void)
{
	struct event first = heap[0], last = heap[--pending];
	int place = 0;
	for (int child; (child = 2 * place + 1) < pending; place = child) {
		if (child + 1 < pending && heap[child + 1].time < heap[child].time)
			child++;
		if (heap[child].time >= last.time)
			break;
		heap[place] = heap[child];
	}
	heap[place] = last;
	return first;
}

static void arrive(struct event *event);

static void leave(struct event *event)
{
	queues[event->station]--;
	post(event->time + random_next() % 1000, arrive, (event->station * 5 + 1) % STATIONS);
}

static void wait(struct event *event)
{
	totals[event->station] += event->time & 15;
	post(event->time + 50 + random_next() % 64, leave, event->station);
}

static void arrive(struct event *event)
{
	if (queues[event->station]++ > 3)
		post(event->time + 100, wait, event->station);
	else
		post(event->time + 20 + random_next() % 32, leave, event->station);
}

int main(int argc, char **argv)
{
	long events = (argc > 1 ? atol(argv[1]) : 2000) * 1000;
	for (uint32_t i = 0; i < 1000; i++)
		post(random_next() % 1000, arrive, i % STATIONS);
	uint64_t sum = 0;
	for (long i = 0; i < events; i++) {
		struct event event = take();
		event.action(&event);
		sum = sum * 31 + event.station;
	}
	for (int i = 0; i < STATIONS; i++)
		sum = sum * 31 + totals[i];
	printf("events %016llx\n", (unsigned long long)sum);
	return 0;
}
