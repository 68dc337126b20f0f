/* Linked lists whose nodes lie in no order: insertion, walking, reversing, merge sort. Argument: repetitions. */
#include "random.h"
#include <stdio.h>
#include <stdlib.h>

#define COUNT 100000

struct node {
	struct node *next;
	uint32_t key;
};

static struct node nodes[COUNT];

static struct node *merge(struct node *a, struct node *b)
{
	struct node *first, **last = &first;
	while (a && b) {
		struct node **less = a->key <= b->key ? &a : &b;
		*last = *less;
		last = &(*less)->next;
		*less = (*less)->next;
	}
	*last = a ? a : b;
	return first;
}

static struct node *sort(struct node *list, int count)
{
	if (count <= 1) {
		if (list)
			list->next = NULL;
		return list;
	}
	struct node *half = list;
	for (int i = 0; i < count / 2; i++)
		half = half->next;
	struct node *second = sort(half, count - count / 2);
	return merge(sort(list, count / 2), second);
}

int main(int argc, char **argv)
{
	long repetitions = argc > 1 ? atol(argv[1]) : 5;
	uint64_t sum = 0;
	for (long n = 0; n < repetitions; n++) {
		struct node *list = NULL;
		for (uint32_t i = 0; i < COUNT; i++) {
			struct node *node = &nodes[(uint64_t)i * 61813 % COUNT];
			node->key = random_next();
			node->next = list;
			list = node;
		}
		for (int pass = 0; pass < 10; pass++)
			for (struct node *node = list; node; node = node->next)
				sum += node->key ^ (sum >> 5);
		list = sort(list, COUNT);
		for (struct node *node = list; node; node = node->next)
			sum = sum * 3 + node->key;
	}
	printf("list %016llx\n", (unsigned long long)sum);
	return 0;
}
