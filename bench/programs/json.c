/* A recursive parser of JSON into a tree from malloc, and a walk over the tree. Argument: hundreds of documents. */
#include "random.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum kind { NOTHING, BOOLEAN, NUMBER, STRING, ARRAY, OBJECT };

struct value {
	enum kind kind;
	struct value *next, *child;
	char *name, *text;
	long number;
};

static const char *in;

static void skip_blanks(void)
{
	while (*in == ' ' || *in == '\n' || *in == '\t' || *in == ',')
		in++;
}

static char *parse_string(void)
{
	const char *start = ++in;
	size_t length = 0;
	for (; *in != '"'; in++, length++)
		if (*in == '\\')
			in++;
	char *text = malloc(length + 1), *out = text;
	for (; start < in; start++)
		*out++ = *start == '\\' ? *++start : *start;
	*out = 0;
	in++;
	return text;
}

static struct value *parse(void)
{
	struct value *value = calloc(1, sizeof *value);
	skip_blanks();
	switch (*in) {
	case '{':
	case '[': {
		char end = *in == '{' ? '}' : ']';
		value->kind = *in++ == '{' ? OBJECT : ARRAY;
		struct value **last = &value->child;
		for (skip_blanks(); *in != end; skip_blanks()) {
			char *name = NULL;
			if (end == '}') {
				name = parse_string();
				while (*in++ != ':')
					;
			}
			*last = parse();
			(*last)->name = name;
			last = &(*last)->next;
		}
		in++;
		break;
	}
	case '"':
		value->kind = STRING;
		value->text = parse_string();
		break;
	case 't':
	case 'f':
	case 'n':
		value->kind = *in == 'n' ? NOTHING : BOOLEAN;
		value->number = *in == 't';
		while (*in >= 'a' && *in <= 'z')
			in++;
		break;
	default: {
		int negative = *in == '-';
		value->kind = NUMBER;
		for (in += negative; *in >= '0' && *in <= '9'; in++)
			value->number = value->number * 10 + *in - '0';
		if (negative)
			value->number = -value->number;
	}
	}
	return value;
}

static uint64_t consume(struct value *value)
{
	uint64_t sum = (uint64_t)value->number * 31 + value->kind;
	for (const char *text = value->name; text && *text; text++)
		sum = sum * 33 + (uint8_t)*text;
	for (const char *text = value->text; text && *text; text++)
		sum = sum * 33 + (uint8_t)*text;
	for (struct value *child = value->child, *next; child; child = next) {
		next = child->next;
		sum = sum * 7 + consume(child);
	}
	free(value->name);
	free(value->text);
	free(value);
	return sum;
}

static char *write_value(char *out, int depth)
{
	uint32_t choice = random_next() % 8;
	if (depth > 0 && choice < 4) {
		*out++ = choice < 2 ? '{' : '[';
		for (uint32_t i = 2 + random_next() % 5; i > 0; i--) {
			if (choice < 2)
				out += sprintf(out, "\"key%u\": ", random_next() % 100);
			out = write_value(out, depth - 1);
			if (i > 1)
				*out++ = ',', *out++ = ' ';
		}
		*out++ = choice < 2 ? '}' : ']';
		return out;
	}
	static const char *const texts[] = {"true", "false", "null", "\"some \\\"quoted\\\" text of a record\""};
	return out + (choice < 6 ? sprintf(out, "%d", (int)random_next()) : sprintf(out, "%s", texts[random_next() % 4]));
}

int main(int argc, char **argv)
{
	long documents = (argc > 1 ? atol(argv[1]) : 20) * 100;
	char *text = malloc(1 << 20), *end = text;
	*end++ = '[';
	while (end - text < 20000)
		end = write_value(end, 5), *end++ = ',';
	*end++ = ']';
	*end = 0;
	uint64_t sum = 0;
	for (long n = 0; n < documents; n++) {
		in = text;
		sum = sum * 31 + consume(parse());
		text[1 + n % 100] ^= text[1 + n % 100] >= '0' && text[1 + n % 100] <= '9';
	}
	printf("json %016llx\n", (unsigned long long)sum);
	free(text);
	return 0;
}
