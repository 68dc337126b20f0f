# What perl is used for: regular expressions over lines, hashes, sorting, string building, numbers, subroutines. Argument: repetitions.
use strict;
use warnings;
use integer;

my $repetitions = shift // 1;
my $state = 1;
sub random { $state = ($state * 1103515245 + 12345) % 2147483648; return ($state >> 16) % $_[0] }

sub fib { my $n = shift; return $n < 2 ? $n : fib($n - 1) + fib($n - 2) }

for (1 .. $repetitions) {
	my @lines = map {
		sprintf '10.0.%d.%d - [%02d/Nov] "%s /%s/%d.html" %d %d', random(4), random(256), 1 + random(30),
			(qw(GET POST PUT))[random(3)], join('', map { chr 97 + random(26) } 1 .. 6), random(1000), (200, 304, 404)[random(3)], random(9999)
	} 1 .. 1500;
	my (%hosts, %codes, $bytes);
	for (@lines) {
		next unless /^(\d+\.\d+\.\d+\.\d+) - \[(\d\d)\/(\w+)\] "(GET|POST) ([^" ]*?)\.html" (\d{3}) (\d+)$/;
		$hosts{$1}++;
		$codes{"$4 $6"} += $7;
		$bytes += length $5;
	}
	my @top = sort { $hosts{$b} <=> $hosts{$a} || $a cmp $b } keys %hosts;
	my $text = join "\n", @lines;
	(my $changed = $text) =~ s/(\w+)@?\/(\w)(\w+)/$1-\u$2\L$3/g;
	my %letters;
	$letters{$_}++ for split //, substr $text, 0, 20000;
	my $sum = 0;
	$sum = ($sum * 31 + ord) % 1000003 for split //, substr $changed, 0, 10000;
	my @matrix = map { [map { random(100) } 1 .. 20] } 1 .. 20;
	my $trace = 0;
	for my $i (0 .. 19) { for my $j (0 .. 19) { $trace += $matrix[$i][$_] * $matrix[$_][$j] for 0 .. 19 } }
	print "@top[0 .. 3] $bytes $sum $trace ", fib(15), ' ', join(' ', map { "$_=$codes{$_}" } sort keys %codes), ' ', scalar(keys %letters), "\n";
}
