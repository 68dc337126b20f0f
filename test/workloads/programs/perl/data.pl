# Hashes, sorting, closures, objects, tied files, serialisation, formats, local databases.
use strict; use warnings;
use List::Util qw(sum max min first reduce shuffle uniq pairs); use Scalar::Util qw(weaken blessed reftype looks_like_number dualvar);
use Data::Dumper; use Storable qw(freeze thaw dclone store retrieve); use JSON::PP; use Time::Local; use POSIX qw(strftime); use DB_File; use Text::Wrap; use Tie::File;
$Data::Dumper::Sortkeys = 1; $Data::Dumper::Indent = 1;
open my $csv, '<', 'people.csv' or die $!;
my %dept;
while (<$csv>) { chomp; my ($id, $name, $d, $salary, $birth, $city) = split /,/; push @{ $dept{$d} }, { id => $id, name => $name, salary => $salary, birth => $birth, city => $city } }
for my $d (sort keys %dept) {
    my @people = @{ $dept{$d} };
    my $eldest = reduce { $a->{birth} lt $b->{birth} ? $a : $b } @people;
    printf "%-4s %4d %12.2f %10.2f %10.2f %s %s\n", $d, scalar @people, sum(map $_->{salary}, @people), max(map $_->{salary}, @people), min(map $_->{salary}, @people), $eldest->{birth}, $eldest->{name};
}
my @sorted = sort { $a->{city} cmp $b->{city} or $b->{salary} <=> $a->{salary} or $a->{id} <=> $b->{id} } map @$_, values %dept;
print join(' ', map { "$_->{city}/$_->{id}" } @sorted[0 .. 9, -5 .. -1]), "\n";
print Dumper({ list => [1, 'two', 3.5, undef], nested => { a => { b => ['c'] } }, code => \'ref' });
package Counter { sub new { my ($c, %o) = @_; bless { n => 0, %o }, $c } sub next { my $s = shift; $s->{n} += $s->{step} // 1 } sub DESTROY { print "destroyed $_[0]{name}\n" }
  use overload '+' => sub { Counter->new(name => 'sum', n => $_[0]{n} + (ref $_[1] ? $_[1]{n} : $_[1])) }, '""' => sub { "<$_[0]{name}:$_[0]{n}>" }, '<=>' => sub { $_[0]{n} <=> (ref $_[1] ? $_[1]{n} : $_[1]) }, 'bool' => sub { 1 }; }
{ my $c = Counter->new(name => 'c', step => 3); $c->next for 1 .. 5; my $d = $c + 7; print "$c $d ", $c <=> $d, "\n"; my %loop = (self => undef); $loop{self} = \%loop; weaken $loop{self}; }
sub make { my $n = shift; return (sub { $n++ }, sub { $n *= 2 }) } my ($inc, $dbl) = make(5); $inc->(); $dbl->(); print $inc->(), "\n";
my $copy = thaw(freeze(\%dept)); print scalar(keys %$copy), ' ', $copy->{d3}[0]{name}, "\n"; store [map { $_ ** 2 } 1 .. 1000], 'squares.sto'; print sum(@{ retrieve 'squares.sto' }), "\n"; unlink 'squares.sto';
my $json = JSON::PP->new->canonical->pretty; my $value = { pi => 3.25, list => [1 .. 5, JSON::PP::true, undef], text => "line\n\x{263a}\"" }; my $text = $json->ascii->encode($value); print $text; print $json->decode($text)->{list}[4], "\n";
print strftime('%Y-%m-%d %H:%M:%S %j %a', gmtime 1e9), ' ', timegm(0, 0, 0, 29, 1, 2024), "\n";
tie my %db, 'DB_File', 'words.db', O_RDWR | O_CREAT, 0644, $DB_BTREE or die "db: $!"; open my $w, '<', 'words.txt'; while (<$w>) { chomp; $db{$_}++ } my $n = 0; my @first; while (my ($k, $v) = each %db) { push @first, "$k:$v" if $n++ < 8 } print "$n keys: @first\n"; untie %db; unlink 'words.db';
tie my @lines, 'Tie::File', 'people.csv' or die; print scalar(@lines), ' ', $lines[-1], "\n"; splice @lines, 1, 4998; $lines[1] =~ tr/a-z/A-Z/; untie @lines; print -s 'people.csv', "\n";
$Text::Wrap::columns = 50; print wrap('  ', '    ', join ' ', map { chr(97 + $_ % 26) x (1 + $_ * 7 % 11) } 1 .. 60), "\n";
our ($name, $amount) = ('', 0);
format STDOUT_TOP =
Name       Amount
-----------------
.
format STDOUT =
@<<<<<<<< @##.##
$name, $amount
.
$^ = 'STDOUT_TOP'; for (['alpha', 1.5], ['beta', 22.333]) { ($name, $amount) = @$_; write }
my @stack = map { { n => $_ } } 1 .. 5; local $, = '-'; local $\ = "!\n"; print map $_->{n}, grep { $_->{n} % 2 } @stack;
eval { die { code => 42 } }; print "caught $@->{code}"; eval { my $z = 0; 1 / $z }; print $@ =~ /^(Illegal division by zero)/; $SIG{__WARN__} = sub { print 'warned: ', $_[0] =~ s/ at .*//sr }; my $u; my $v = "x$u";
