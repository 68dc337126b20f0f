"""What Python is used for: classes, dictionaries, comprehensions, generators, strings, exceptions, numbers. Argument: repetitions."""
import sys

state = 1


def random(bound):
    global state
    state = (state * 1103515245 + 12345) & 0x7FFFFFFF
    return (state >> 16) % bound


class Vector:
    __slots__ = ('x', 'y')

    def __init__(self, x, y):
        self.x = x
        self.y = y

    def __add__(self, other):
        return Vector(self.x + other.x, self.y + other.y)

    def norm(self):
        return abs(self.x) + abs(self.y)


def walk(steps):
    place = Vector(0, 0)
    moves = [Vector(1, 0), Vector(-1, 0), Vector(0, 1), Vector(0, -1)]
    return max((place := place + moves[random(4)]).norm() for _ in range(steps))


def words(count):
    text = ' '.join(''.join(chr(97 + random(6)) for _ in range(3)) for _ in range(count))
    counts = {}
    for word in text.split():
        counts[word] = counts.get(word, 0) + 1
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:3]


def queens(row, side, columns, rising, falling):
    if row == side:
        return 1
    return sum(
        queens(row + 1, side, columns | {c}, rising | {row + c}, falling | {row - c})
        for c in range(side)
        if c not in columns and row + c not in rising and row - c not in falling
    )


def parse(tokens):
    def expression():
        value = term()
        while tokens and tokens[-1] in '+-':
            value = value + term() if tokens.pop() == '+' else value - term()
        return value

    def term():
        value = factor()
        while tokens and tokens[-1] == '*':
            tokens.pop()
            value = value * factor() % 1000003
        return value

    def factor():
        token = tokens.pop()
        if token == '(':
            value = expression()
            tokens.pop()
            return value
        return int(token)

    return expression()


def expressions(count):
    total = 0
    for _ in range(count):
        try:
            text = f'( {random(90)} + {random(9)} * ( {random(70)} - 3 ) ) * {random(5)} + {random(8)}' + ' /' * (random(10) == 0)
            tokens = text.split()[::-1]
            total += parse(tokens)
            if tokens:
                raise ValueError(tokens[0])
        except ValueError as error:
            total += len(str(error))
    return total


def nbody(steps):
    bodies = [[0.0, 0.0, 0.0, 0.0, 40.0], [5.0, 0.0, 0.0, 2.5, 0.1], [0.0, 8.0, -2.0, 0.0, 0.2]]
    for _ in range(steps):
        for i, a in enumerate(bodies):
            for b in bodies[i + 1 :]:
                dx, dy = a[0] - b[0], a[1] - b[1]
                pull = 0.001 / (dx * dx + dy * dy) ** 1.5
                a[2] -= dx * b[4] * pull
                a[3] -= dy * b[4] * pull
                b[2] += dx * a[4] * pull
                b[3] += dy * a[4] * pull
        for body in bodies:
            body[0] += 0.001 * body[2]
            body[1] += 0.001 * body[3]
    return ' '.join(f'{body[0]:.6f}' for body in bodies)


for _ in range(int(sys.argv[1])):
    print(walk(8000), words(3000), queens(0, 6, frozenset(), frozenset(), frozenset()), expressions(600), nbody(400))
