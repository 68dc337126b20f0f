# a row of each line: its vowels counted as V for five and | for one, its first word last, and every third line of them joined
h
s/[^aeiou]//g
s/[aeiou]/|/g
:fold
s/\|{5}/V/
t fold
G
s/\n([^ ]+) (.*)/ \2 \1/
N
N
s/\n(.)/ + \1/
s/(\w+) (\w+)$/\2 \1/
y/.,;/:::/
