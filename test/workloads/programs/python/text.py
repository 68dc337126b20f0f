"""Regular expressions, Unicode, JSON, CSV, formatting, dates and collections over generated data."""
import argparse, base64, collections, configparser, csv, dataclasses, datetime, enum, functools, hashlib, heapq, io, itertools
import json, operator, pickle, random, re, string, struct, sys, textwrap, typing, unicodedata, zlib

log = open('access.log').read()
line = re.compile(r'^(?P<host>[\d.]+) - - \[(?P<time>[^]]+)\] "(?P<method>\w+) (?P<path>\S+) [^"]+" (?P<status>\d+) (?P<size>\d+)$', re.M)
rows = [match.groupdict() for match in line.finditer(log)]
print(len(rows), collections.Counter((row['method'], row['status']) for row in rows).most_common())
sizes = collections.defaultdict(list)
for row in rows:
    sizes[row['time'][:13]].append(int(row['size']))
for day in sorted(sizes)[:10]:
    values = sizes[day]
    print(day, len(values), sum(values), f'{sum(values) / len(values):.3f}', sorted(values)[len(values) // 2])
print(re.sub(r'(?<=/)(\w)(\w+)', lambda m: m[1].upper() + m[2][::-1], rows[5]['path']), re.split(r'(\d)', 'a1b22c')[:6])
print(len(re.findall(r'\b(\w+)(?:\W+\1\b)+', open('prose.txt').read(), re.I)), bool(re.fullmatch(r'(?:a+)+b', 'a' * 18 + 'b')))

people = list(csv.reader(open('people.csv')))
by = operator.itemgetter(2, 5)
for key, group in itertools.islice(itertools.groupby(sorted(people, key=by), key=by), 8):
    group = list(group)
    print(key, len(group), round(sum(float(person[3]) for person in group), 2))
out = io.StringIO()
csv.writer(out, quoting=csv.QUOTE_NONNUMERIC).writerows([[1, 'a,b', 'c"d'], [2.5, 'line\nbreak', None]])
print(repr(out.getvalue()))

records = json.load(open('records.json'))['records']
print(len(records), sum(r['position']['x'] for r in records), max(len(r['tags']) for r in records))
again = json.loads(json.dumps(records, indent=1, sort_keys=True))
print(again == records, hashlib.sha256(json.dumps(again, sort_keys=True).encode()).hexdigest(), len(pickle.dumps(again)))
print(json.dumps({'é': '\u2028\U0001f600', 'n': [1e100, -0.0, 1 / 3], 't': [True, None]}), json.dumps('é☃', ensure_ascii=False))

for text in 'ﬁ', 'Å', 'ẞtraße', 'İstanbul', '①½', 'क्षि':
    print(text, [unicodedata.normalize(form, text) for form in ('NFC', 'NFD', 'NFKC')], text.casefold(), text.upper(), [unicodedata.name(c, '?') for c in text][:3])
print('héllo wörld'.encode('utf-16'), 'grün'.encode('latin-1'), 'x\udc80'.encode('utf-8', 'surrogateescape'), b'\xff\xfe'.decode('ascii', 'backslashreplace'))
print(f'{255:#x} {255:#010b} {1234567.891:,.2f} {0.000012345:g} {1e16} {2**0.5!r:>30} {"mid":*^9} {-5:+05d} {3:<5}|{True!s:>6}')
print('%-10s|%5.1f|%x|%r' % ('left', 2.25, 3054, "q'"), '{0[1]} {a.__class__.__name__}'.format([1, 2], a=1.5), string.Template('$x-${y}').substitute(x=1, y=2))
print(textwrap.fill(textwrap.dedent('   some text ' * 12), 40, subsequent_indent='> '))

@dataclasses.dataclass(order=True, frozen=True)
class Point:
    x: float
    y: float = 0.0
    def __add__(self, other): return Point(self.x + other.x, self.y + other.y)
class Colour(enum.Flag):
    RED = enum.auto(); GREEN = enum.auto(); BLUE = enum.auto()
print(sorted([Point(2), Point(1, 5), Point(1, 2)]), functools.reduce(operator.add, map(Point, range(10))), Colour.RED | Colour.BLUE, ~Colour.GREEN)
match {'kind': 'circle', 'at': [1, 2], 'r': 3}:
    case {'kind': 'circle', 'at': [x, y], **rest}: print('circle', x, y, rest)
print(heapq.nsmallest(5, (hash_ := zlib.crc32(str(i).encode()) for i in range(2000))), struct.pack('>hIq3sd', -2, 3, -4, b'ab', 1.5).hex())
day = datetime.datetime(2024, 2, 29, 12, 30, tzinfo=datetime.timezone(datetime.timedelta(hours=-5)))
print(day.isoformat(), day.astimezone(datetime.timezone.utc), day + datetime.timedelta(days=366, seconds=1), day.strftime('%A %d %B %Y %j %U'), datetime.date.fromisocalendar(2020, 53, 7), datetime.datetime.strptime('1 Jan 1970', '%d %b %Y'))
random.seed(1234)
print(random.random(), random.sample(range(100), 8), random.gauss(0, 1), random.choices('abc', [5, 1, 1], k=10), random.getrandbits(100))
ini = configparser.ConfigParser(); ini.read_string('[a]\nx = 1\ny = %(x)s2\n[b]\nz: yes'); print(ini['a']['y'], ini.getboolean('b', 'z'))
parser = argparse.ArgumentParser(prog='tool'); parser.add_argument('-n', type=int, default=3); parser.add_argument('file', nargs='+'); print(parser.parse_args(['-n', '4', 'a', 'b'])); parser.print_help()
class Meta(type):
    def __call__(cls, *a): print('making', cls.__name__); return super().__call__(*a)
class Made(metaclass=Meta):
    def __init_subclass__(cls, **k): print('subclass', cls.__name__, k)
    def __getattr__(self, name): return name * 2
class Sub(Made, key=1): __slots__ = ()
print(Sub().ab, typing.get_type_hints(Point), Sub.__mro__[1].__name__)
try:
    try: {}['missing']
    except KeyError as error: raise ValueError('outer') from error
except ValueError as error: print(repr(error), repr(error.__cause__))
try: raise ExceptionGroup('several', [TypeError('t'), OSError(2, 'o')])
except* OSError as group: print('os', group.exceptions)
except* TypeError as group: print('type', group.exceptions)
print(base64.b85encode(hashlib.blake2b(b'x' * 1000, digest_size=20).digest()), hashlib.sha3_256(b'').hexdigest(), hashlib.md5(log.encode()).hexdigest())
sys.exit(3)
