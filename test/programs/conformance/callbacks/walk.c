// nftw and scandir call the host.
#define _GNU_SOURCE
#include "sides.h"
#include <dirent.h>
#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>
static int files, folders;
HOST int visit(const char *path, const struct stat *status, int kind, struct FTW *at)
{
	if (kind == FTW_F) files += status->st_size;
	else folders += at->level + 1 + (path[0] == 0);
	return 0;
}
HOST int visible(const struct dirent *entry) { return entry->d_name[0] != '.'; }
HOST int backwards(const struct dirent **a, const struct dirent **b) { return -strcmp((*a)->d_name, (*b)->d_name); }
HOST void make(const char *name, int size) { FILE *f = fopen(name, "w"); for (int i = 0; i < size; i++) fputc('x', f); fclose(f); }
GUEST int main(void)
{
	mkdir("walked", 0777);
	mkdir("walked/inner", 0777);
	make("walked/a", 5);
	make("walked/b", 7);
	make("walked/inner/c", 11);
	printf("%d", nftw("walked", visit, 8, FTW_PHYS));
	printf(" %d %d\n", files, folders);
	struct dirent **list;
	int n = scandir("walked", &list, visible, backwards);
	for (int i = 0; i < n; i++) puts(list[i]->d_name);
	return 0;
}
