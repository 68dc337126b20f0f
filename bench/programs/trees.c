/* Binary trees from malloc: built, walked and freed recursively. Argument: trees. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define DEPTH 14

struct tree {
	struct tree *left, *right;
	uint64_t value;
};

__attribute__((noinline)) static struct tree *grow(int depth, uint64_t value)
{
	struct tree *tree = malloc(sizeof *tree);
	tree->value = value;
	tree->left = depth ? grow(depth - 1, value * 2) : NULL;
	tree->right = depth ? grow(depth - 1, value * 2 + 1) : NULL;
	return tree;
}

__attribute__((noinline)) static uint64_t sum(const struct tree *tree)
{
	return tree ? tree->value ^ (sum(tree->left) + 3 * sum(tree->right)) : 1;
}

__attribute__((noinline)) static void fell(struct tree *tree)
{
	if (!tree)
		return;
	fell(tree->left);
	fell(tree->right);
	free(tree);
}

int main(int argc, char **argv)
{
	long trees = argc > 1 ? atol(argv[1]) : 100;
	uint64_t total = 0;
	for (long i = 0; i < trees; i++) {
		struct tree *tree = grow(DEPTH, (uint64_t)i + total % 7);
		total = total * 31 + sum(tree);
		fell(tree);
	}
	printf("trees %016llx\n", (unsigned long long)total);
	return 0;
}
