# Regular expressions over generated text: counts, named captures, look-around, recursion, substitution with code, Unicode.
use strict; use warnings; use utf8;
binmode STDOUT, ':utf8';
open my $log, '<', 'access.log' or die "access.log: $!";
my (%status, %hours, %hosts, $bytes, @long);
while (<$log>) {
    /^(?<host>\d+(?:\.\d+){3}) - - \[(?<day>[\d-]+)T(?<hour>\d\d):[^\]]*\] "(?<method>GET|POST) (?<path>\S+) HTTP\/1\.1" (?<status>\d{3}) (?<size>\d+)$/ or die "line $.: $_";
    $status{"$+{method} $+{status}"}++; $hours{$+{hour}}++; $hosts{$+{host}}++; $bytes += $+{size};
    push @long, $1 if $+{path} =~ m{^/(\w{11,})/} and @long < 20;
}
close $log;
print "$_ $status{$_}\n" for sort keys %status;
print join(' ', map { "$_:$hours{$_}" } sort keys %hours), "\n";
print scalar(keys %hosts), " hosts, $bytes bytes\n@long\n";
my @top = (sort { $hosts{$b} <=> $hosts{$a} || $a cmp $b } keys %hosts)[0 .. 9];
print "$_ $hosts{$_}\n" for @top;

open my $words, '<', 'words.txt' or die;
chomp(my @words = <$words>);
my $text = join ' ', @words;
print "doubled: ", scalar(() = $text =~ /(\w\w)\1/g), "\n";
print "before: ", scalar(() = $text =~ /\w+(?=\s+ka)/g), " after: ", scalar(() = $text =~ /(?<=ix )\w+/g), "\n";
(my $upper = $text) =~ s/\b(\w)(\w*)/\U$1\E$2/g;
print substr($upper, 0, 120), "\n";
(my $vowels = $text) =~ tr/aeiou//cd;
print length($vowels), " vowels\n";
my %count; $count{$_}++ for $text =~ /[aeiou][^aeiou\s]+/g;
print join(', ', map { "$_=$count{$_}" } (sort { $count{$b} <=> $count{$a} || $a cmp $b } keys %count)[0 .. 11]), "\n";
my $sum = 0; $text =~ s/(\w+)/$sum += length $1; ''/ge; print "sum $sum\n";

my $nested = qr/(\((?:[^()]++|(?-1))*\))/;
for ('(a(b)c)', '((x)(y(z)))', '(un(balanced)') { print "$_: ", (/^$nested$/ ? "balanced" : "not"), "\n" }
my $json = qr/(?(DEFINE)(?<value>(?&string)|(?&number)|\[(?:(?&value)(?:,(?&value))*)?\]|\{(?:(?&string):(?&value)(?:,(?&string):(?&value))*)?\})(?<string>"[^"]*")(?<number>-?\d+(?:\.\d+)?))^(?&value)$/x;
for ('{"a":[1,2,{"b":-3.5}]}', '[1,2', '[]', '{"a":}') { print "$_: ", (/$json/ ? 'valid' : 'invalid'), "\n" }
for my $name ('Ærøskøbing', 'ΑΘΗΝΑ', 'straße', 'Łódź') {
    print lc $name, ' ', uc $name, ' ', ucfirst(lc $name), ' ', length $name, ' ', scalar($name =~ /^\p{Lu}/), ' ', join('', sort $name =~ /\p{L}/g), "\n";
}
print join('|', split /\s*[,;]\s*/, 'a , b;c ;  d,e'), "\n", join('|', split //, 'split', 3), "\n", join('|', 'k1=v1&k2=v2' =~ /(\w+)=(\w+)/g), "\n";
print "possessive\n" unless ('a' x 30) =~ /^(?>a+)ab/;
print "pos ", pos($text) // 'undef', "\n" if $text !~ /\G./gc;
