# Sub-processes: system, backticks, pipe opens in both directions, fork trees, wait statuses, exec, signals between processes, sockets.
use strict; use warnings;
use IO::Socket::INET; use IO::Socket::UNIX; use IO::Select; use IPC::Open3; use POSIX ':sys_wait_h'; use Socket; use Time::HiRes qw(sleep alarm time setitimer ITIMER_REAL);
$| = 1;
print "system ", system('true'), ' ', system('exit 3;') >> 8, ' ', system('sh', '-c', 'kill -TERM $$') & 127, "\n";
print "backticks ", `echo one; echo two | tr a-z A-Z`, 'status ', $? >> 8, "\n"; my @lines = `seq 1 5`; print scalar(@lines), " lines\n";
open my $sort, '|-', 'sort -n' or die; print $sort "$_\n" for 9, 10, 1, 33, 2; close $sort;
open my $from, '-|', 'printf', '%s\n', 'list', 'form  open' or die; print while <$from>; close $from;
{ local $ENV{FERRY_VALUE} = 'in the environment'; print `printenv FERRY_VALUE`; }
my $pid = open3(my $in, my $out, undef, 'sed', 's/a/A/g'); print $in "banana\n"; close $in; print <$out>; waitpid $pid, 0; print "open3 ", $? >> 8, "\n";
# a child for each of several statuses
my %wanted; for my $status (0, 1, 7, 255) { my $pid = fork // die; exit $status if !$pid; $wanted{$pid} = $status } my $ok = 0; while ((my $pid = wait) > 0) { $ok++ if $? >> 8 == $wanted{$pid} } print "$ok statuses\n";
# a tree of processes that adds up through pipes
sub tree { my $depth = shift; return 1 if $depth == 0; my $sum = 0; for (1, 2) { my $pid = open my $kid, '-|'; if (!$pid) { print tree($depth - 1); exit 0 } $sum += <$kid>; close $kid } return $sum } print "tree ", tree(4), "\n";
# signals
my @got; $SIG{$_} = do { my $name = $_; sub { push @got, $name } } for qw(USR1 USR2 HUP); kill $_ => $$ for qw(USR1 USR2 HUP USR1); print "@got\n";
$SIG{ALRM} = sub { die "alarm\n" }; eval { alarm 0.05; 1 while 1 }; print "caught $@"; my $ticks = 0; $SIG{ALRM} = sub { $ticks++ }; setitimer(ITIMER_REAL, 0.01, 0.01); my $sum = 0; while ($ticks < 10) { $sum += $_ for 1 .. 100 } setitimer(ITIMER_REAL, 0); print "ten ticks\n";
$SIG{CHLD} = sub { while ((my $pid = waitpid -1, WNOHANG) > 0) { push @got, 'child ' . ($? >> 8) } }; @got = (); if (!fork) { POSIX::_exit(9) } sleep 0.01 until @got; print "@got\n"; $SIG{CHLD} = 'DEFAULT';
my $victim = fork // die; if (!$victim) { $SIG{TERM} = sub { print "terminating\n"; exit 4 }; kill USR1 => getppid; sleep 0.05 while 1 } @got = (); sleep 0.01 until @got; kill TERM => $victim; waitpid $victim, 0; print "victim ", $? >> 8, "\n"; $victim = fork // die; if (!$victim) { sleep 10; exit } kill KILL => $victim; waitpid $victim, 0; print "killed by ", $? & 127, "\n";
# sockets
my $server = IO::Socket::INET->new(Listen => 5, LocalAddr => '127.0.0.1', Proto => 'tcp') or die "listen: $@"; my $port = $server->sockport;
my @kids = map { my $n = $_; my $pid = fork // die; if (!$pid) { my $s = IO::Socket::INET->new("127.0.0.1:$port") or die; $s->autoflush; print $s "hello from $n\n"; my $answer = <$s>; exit($answer eq "HELLO FROM $n\n" ? 0 : 1) } $pid } 1 .. 4;
my @messages; for (@kids) { my $c = $server->accept; my $line = <$c>; push @messages, $line; print $c uc $line } print sort @messages; my $bad = 0; for (@kids) { waitpid $_, 0; $bad++ if $? } print "$bad bad\n";
my $unix = IO::Socket::UNIX->new(Local => 'socket', Listen => 1) or die $!; if (!fork) { my $c = IO::Socket::UNIX->new('socket') or die; print $c 'x' x 100_000; exit } my $peer = $unix->accept; my ($total, $buf) = 0; $total += length $buf while sysread $peer, $buf, 8192; wait; print "$total bytes\n"; unlink 'socket';
socketpair my $left, my $right, AF_UNIX, SOCK_STREAM, PF_UNSPEC or die; if (!fork) { close $left; my $sum = 0; while (<$right>) { last if /end/; $sum += $_ } syswrite $right, "sum $sum\n"; exit } close $right; syswrite $left, "$_\n" for 1 .. 100, 'end'; print scalar <$left>; wait; my $udp = IO::Socket::INET->new(Proto => 'udp', LocalAddr => '127.0.0.1') or die; my $sender = IO::Socket::INET->new(Proto => 'udp', PeerAddr => '127.0.0.1', PeerPort => $udp->sockport); $sender->send('datagram'); print "readable ", scalar(IO::Select->new($udp)->can_read(5)), "\n"; $udp->recv(my $datagram, 100); print "$datagram\n";
pipe my $r, my $w or die; if (!fork) { close $r; open STDOUT, '>&', $w; exec 'sh', '-c', 'echo from exec; echo $0 $1', 'name', 'argument' } close $w; print <$r>; wait; local $SIG{PIPE} = sub { print "broken pipe\n" }; pipe $r, $w; close $r; syswrite $w, 'x'; exec 'printf', 'last: %s\n', 'exec';
