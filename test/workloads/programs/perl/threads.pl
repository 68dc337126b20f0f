# Interpreter threads: shared data, queues, conditions, detaching, results.
use strict; use warnings; use threads; use threads::shared; use Thread::Queue; use Thread::Semaphore;
my $total :shared = 0; my %squares :shared;
my @workers = map { my $n = $_; threads->create(sub { for my $i (1 .. 200) { lock $total; $total += $i * $n } { lock %squares; $squares{$n} = $n * $n } return "worker $n" }) } 1 .. 6;
print $_->join, "\n" for @workers; print "$total ", join(',', map $squares{$_}, sort keys %squares), "\n";
my ($jobs, $done) = (Thread::Queue->new, Thread::Queue->new);
my @pool = map { threads->create(sub { while (defined(my $job = $jobs->dequeue)) { my ($x, $s) = ($job, 0); while ($x != 1) { $x = $x % 2 ? 3 * $x + 1 : $x / 2; $s++ } $done->enqueue("$job:$s") } }) } 1 .. 3;
$jobs->enqueue($_) for 1 .. 60; $jobs->end; $_->join for @pool; $done->end; my @results; while (defined(my $r = $done->dequeue)) { push @results, $r } { no warnings "numeric"; print join(" ", sort { $a <=> $b } @results), "\n" }
my $turn :shared = 0; my @log :shared; my @players = map { my $me = $_; threads->create(sub { for (1 .. 20) { lock $turn; cond_wait $turn until $turn % 3 == $me; push @log, $me; $turn++; cond_broadcast $turn } }) } 0 .. 2; $_->join for @players; print join('', @log), "\n";
my $sem = Thread::Semaphore->new(2); my $in :shared = 0; my $most :shared = 0; $_->join for map { threads->create(sub { $sem->down; { lock $in; $in++; $most = $in if $in > $most } threads->yield; { lock $in; $in-- } $sem->up }) } 1 .. 8; print 'at most two: ', $most <= 2 ? 'yes' : 'no', "\n";
my ($t) = threads->create({ context => 'list' }, sub { return (1, [2, 3], { k => 'v' }) }); my @r = $t->join; print "$r[0] $r[1][1] $r[2]{k}\n"; my $e = threads->create(sub { die "in thread\n" }); { local *STDERR; open STDERR, '>', '/dev/null'; $e->join } print 'error: ', $e->error;
