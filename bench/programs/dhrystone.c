/*
 * The mix of a systems program as the Dhrystone benchmark of 1984 has it, written anew: records copied through
 * pointers, string comparison, small procedures with parameters by reference, enumerations, short arrays.
 * Argument: millions of rounds.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum rank { FIRST, SECOND, THIRD, FOURTH, FIFTH };

struct record {
	struct record *next;
	int kind;
	enum rank rank;
	int number;
	char text[31];
};

static struct record *global_record, *other_record;
static int global_number, flag;
static char character_1, character_2;
static int vector[50], matrix[50][50];

__attribute__((noinline)) static enum rank compare_characters(char a, char b)
{
	char copy = a;
	if (copy != b)
		return FIRST;
	character_1 = copy;
	return SECOND;
}

__attribute__((noinline)) static int compare_texts(const char *a, const char *b)
{
	int i = 2;
	char letter = 'A';
	while (i <= 2)
		if (compare_characters(a[i], b[i + 1]) == FIRST) {
			letter = 'B';
			i++;
		} else
			i += 2;
	if (letter >= 'W' && letter < 'Z')
		i = 7;
	if (letter == 'R')
		return 1;
	if (strcmp(a, b) > 0) {
		global_number = i + 7;
		return 1;
	}
	return 0;
}

__attribute__((noinline)) static void choose_rank(enum rank in, enum rank *out)
{
	*out = in == THIRD ? in : FOURTH;
	switch (in) {
	case FIRST: *out = FIRST; break;
	case SECOND: *out = global_number > 100 ? FIRST : FOURTH; break;
	case THIRD: *out = SECOND; break;
	case FOURTH: break;
	case FIFTH: *out = THIRD; break;
	}
}

__attribute__((noinline)) static void add_numbers(int a, int b, int *sum)
{
	*sum = b + a + 2;
}

__attribute__((noinline)) static void fill(int numbers[50], int rows[50][50], int place, int value)
{
	int i = place + 5;
	numbers[i] = value;
	numbers[i + 1] = numbers[i];
	numbers[i + 30] = i;
	for (int k = i; k <= i + 1; k++)
		rows[i][k] = i;
	rows[i][i - 1]++;
	rows[i + 20][i] = numbers[i];
	global_number = 5;
}

__attribute__((noinline)) static void link_record(struct record **out)
{
	if (global_record)
		*out = global_record->next;
	add_numbers(10, global_number, &global_record->number);
}

__attribute__((noinline)) static void copy_record(struct record *record)
{
	struct record *next = record->next;
	*record->next = *global_record;
	record->number = 5;
	next->number = record->number;
	next->next = record->next;
	link_record(&next->next);
	if (next->kind == 0) {
		next->number = 6;
		choose_rank(record->rank, &next->rank);
		next->next = global_record->next;
		add_numbers(next->number, 10, &next->number);
	} else
		*record = *record->next;
}

__attribute__((noinline)) static void adjust(int *number)
{
	int copy = *number + 10;
	if (character_1 == 'A') {
		copy--;
		*number = copy - global_number;
	}
}

int main(int argc, char **argv)
{
	long rounds = (argc > 1 ? atol(argv[1]) : 20) * 1000000;
	char first[31], second[31];
	long sum = 0;
	global_record = calloc(1, sizeof *global_record);
	other_record = calloc(1, sizeof *other_record);
	if (!global_record || !other_record)
		return 1;
	global_record->next = other_record;
	global_record->rank = THIRD;
	global_record->number = 40;
	strcpy(global_record->text, "A MIXED PROGRAM, SOME STRING");
	strcpy(first, "A MIXED PROGRAM, 1ST STRING");
	vector[8] = 10;
	for (long round = 1; round <= rounds; round++) {
		character_1 = 'A', character_2 = 'B';
		int a = 2, b = 3, c = 0;
		strcpy(second, round % 2 ? "A MIXED PROGRAM, 2ND STRING" : "A MIXED PROGRAM, 1ST STRING");
		enum rank rank = SECOND;
		flag = !compare_texts(first, second);
		while (a < b) {
			c = 5 * a - b;
			add_numbers(a, b, &c);
			a++;
		}
		fill(vector, matrix, a, c);
		copy_record(global_record);
		for (char letter = 'A'; letter <= character_2; letter++)
			if (rank == compare_characters(letter, 'C'))
				choose_rank(FIRST, &rank);
		b = b * a;
		a = b / c;
		b = 7 * (b - c) - a;
		adjust(&a);
		sum += a + b * 3 + c * 5 + flag + (int)rank + global_record->number;
	}
	printf("dhrystone %ld %d %d %d\n", sum, global_number, vector[8], matrix[8][7]);
	free(global_record);
	free(other_record);
	return 0;
}
