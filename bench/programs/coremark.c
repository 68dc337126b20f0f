/*
 * The mix of an embedded program as CoreMark has it, written anew: a linked list that is searched, reversed and merge
 * sorted through a comparison function; small integer matrices; a state machine that scans numbers; a CRC over all
 * results. Argument: rounds.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint16_t crc16(uint16_t crc, uint16_t value)
{
	for (int bit = 0; bit < 16; bit++) {
		int carry = (crc ^ value) & 1;
		crc = (uint16_t)(crc >> 1 ^ (carry ? 0xa001 : 0));
		value >>= 1;
	}
	return crc;
}

/* The list. */

struct node {
	struct node *next;
	int16_t data, index;
};

#define NODES 200
static struct node nodes[NODES];
typedef int comparison(const struct node *a, const struct node *b);

static int by_index(const struct node *a, const struct node *b)
{
	return a->index - b->index;
}

static int by_data(const struct node *a, const struct node *b)
{
	int left = crc16((uint16_t)a->data, 0x55) & 0xff, right = crc16((uint16_t)b->data, 0x55) & 0xff;
	return left != right ? left - right : by_index(a, b);
}

static struct node *make_list(uint16_t seed)
{
	for (int i = 0; i < NODES; i++) {
		nodes[i].data = (int16_t)((seed ^ i * 2654435761u) & 0x7fff);
		nodes[i].index = (int16_t)i;
		nodes[i].next = i + 1 < NODES ? &nodes[i + 1] : NULL;
	}
	return nodes;
}

static struct node *reverse(struct node *list)
{
	struct node *result = NULL;
	while (list) {
		struct node *next = list->next;
		list->next = result;
		result = list;
		list = next;
	}
	return result;
}

static const struct node *search(const struct node *list, int index)
{
	while (list && list->index != index)
		list = list->next;
	return list;
}

static struct node *merge_sort(struct node *list, comparison *compare)
{
	if (!list || !list->next)
		return list;
	struct node *slow = list, *fast = list->next;
	while (fast && fast->next)
		slow = slow->next, fast = fast->next->next;
	struct node *right = merge_sort(slow->next, compare);
	slow->next = NULL;
	struct node *left = merge_sort(list, compare);
	struct node *head = NULL, **tail = &head;
	while (left && right) {
		struct node **least = compare(left, right) <= 0 ? &left : &right;
		*tail = *least;
		tail = &(*least)->next;
		*least = *tail;
	}
	*tail = left ? left : right;
	return head;
}

static uint16_t run_list(uint16_t seed)
{
	struct node *list = make_list(seed);
	uint16_t crc = seed;
	for (int i = 0; i < 10; i++) {
		const struct node *found = search(list, (seed + i * 37) % NODES);
		list = reverse(list);
		crc = crc16(crc, (uint16_t)(found ? found->data : i));
	}
	list = merge_sort(list, by_data);
	for (const struct node *node = list; node; node = node->next)
		crc = crc16(crc, (uint16_t)node->data);
	list = merge_sort(list, by_index);
	return crc16(crc, (uint16_t)list->data);
}

/* The matrices. */

#define ORDER 16

static uint16_t run_matrix(uint16_t seed)
{
	static int16_t a[ORDER][ORDER], b[ORDER][ORDER];
	static int32_t c[ORDER][ORDER];
	int32_t sum = 0;
	for (int i = 0; i < ORDER; i++)
		for (int k = 0; k < ORDER; k++) {
			a[i][k] = (int16_t)(seed + i * 17 + k);
			b[i][k] = (int16_t)(seed * 3 - i + k * 29);
		}
	for (int i = 0; i < ORDER; i++)
		for (int k = 0; k < ORDER; k++) {
			int32_t value = 0;
			for (int j = 0; j < ORDER; j++)
				value += (a[i][j] >> 2 & 0xf) * (b[j][k] >> 5 & 0x7f) + a[i][j] * b[j][k] % 3;
			c[i][k] = value;
		}
	for (int i = 0; i < ORDER; i++)
		for (int k = 0; k < ORDER; k++)
			sum += c[i][k] > sum ? 10 : c[i][k] & 0xff;
	return (uint16_t)(sum ^ c[ORDER / 2][ORDER / 3]);
}

/* The state machine: what kind of number is each word? */

enum state { START, INTEGER, SIGN, FRACTION, EXPONENT, EXPONENT_SIGN, SCIENTIFIC, INVALID, STATES };

static enum state step(enum state state, char c)
{
	int digit = c >= '0' && c <= '9';
	switch (state) {
	case START: return digit ? INTEGER : c == '+' || c == '-' ? SIGN : c == '.' ? FRACTION : INVALID;
	case SIGN: return digit ? INTEGER : c == '.' ? FRACTION : INVALID;
	case INTEGER: return digit ? INTEGER : c == '.' ? FRACTION : c == 'e' ? EXPONENT : INVALID;
	case FRACTION: return digit ? FRACTION : c == 'e' ? EXPONENT : INVALID;
	case EXPONENT: return c == '+' || c == '-' ? EXPONENT_SIGN : digit ? SCIENTIFIC : INVALID;
	case EXPONENT_SIGN:
	case SCIENTIFIC: return digit ? SCIENTIFIC : INVALID;
	default: return INVALID;
	}
}

static uint16_t run_states(uint16_t seed)
{
	static const char *const words[] = {"5012", "1234", "-874", "+122", "35.54400", ".1234500", "-110.700", "+0.64400",
					    "5.500e+3", "-.123e-2", "-87e+832", "+0.6e-12", "T0.3e-1F", "-T.T++Tq", "1T3.4e4z", "34.0e-T^"};
	uint32_t finals[STATES] = {0}, transitions[STATES] = {0};
	char text[512];
	size_t used = 0;
	for (int i = 0; used + 16 < sizeof text; i++) {
		const char *word = words[(seed + i * 5) % (sizeof words / sizeof *words)];
		size_t length = strlen(word);
		memcpy(text + used, word, length);
		used += length;
		text[used++] = ',';
	}
	for (int round = 0; round < 2; round++) {
		enum state state = START;
		for (size_t i = 0; i < used; i++) {
			if (text[i] == ',') {
				finals[state]++;
				state = START;
				continue;
			}
			enum state next = step(state, text[i]);
			transitions[next] += next != state;
			state = next;
		}
		for (size_t i = seed % 7; i < used; i += 11)
			if (text[i] != ',')
				text[i] ^= (char)(seed & 3);
	}
	uint16_t crc = seed;
	for (int i = 0; i < STATES; i++)
		crc = crc16(crc16(crc, (uint16_t)finals[i]), (uint16_t)transitions[i]);
	return crc;
}

int main(int argc, char **argv)
{
	long rounds = argc > 1 ? atol(argv[1]) : 10000;
	uint16_t crc = 0;
	for (long round = 0; round < rounds; round++) {
		uint16_t seed = (uint16_t)(round * 4099 + crc);
		crc = crc16(crc, run_list(seed));
		crc = crc16(crc, run_matrix(seed));
		crc = crc16(crc, run_states(seed));
	}
	printf("coremark %04x\n", crc);
	return 0;
}
