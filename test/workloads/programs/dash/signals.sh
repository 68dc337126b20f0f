# Traps, background jobs, wait, kill, job control, signals that end children, exec.
trap 'echo "exit trap $?"' EXIT
trap 'echo usr1' USR1; kill -USR1 $$; trap 'echo term' TERM; kill -TERM $$; trap '' HUP; kill -HUP $$; echo survived
sh -c 'kill -INT $$'; echo "int $?"; sh -c 'kill -SEGV $$' 2>/dev/null; echo "segv $?"; sh -c 'trap "exit 7" TERM; kill -TERM $$; exit 1'; echo "trapped $?"
sleep 0.1 & first=$!; (sleep 0.2; exit 5) & second=$!; wait $first; echo "first $?"; wait $second; echo "second $?"; wait 99999 2>/dev/null; echo "unknown $?"
trap - TERM; sleep 30 & kill $!; wait $! 2>/dev/null; echo "killed $?"; sleep 30 & kill -KILL $!; wait $! 2>/dev/null; echo "killed $?"
for n in 1 2 3 4 5 6 7 8; do (echo "job $n" >"tmp/job$n"; exit $n) & pids="$pids $!"; done; for p in $pids; do wait $p; printf '%s ' $?; done; echo; cat tmp/job*
(trap 'echo child got usr2; exit 3' USR2; echo ready >tmp/ready; while :; do sleep 0.02; done) & child=$!; while [ ! -s tmp/ready ]; do sleep 0.02; done; kill -USR2 $child; wait $child; echo "child $?"
result=$(trap 'echo in substitution' EXIT; echo body); echo "$result"; (trap - USR1; sh -c 'kill -USR1 $PPID'; sleep 1) 2>/dev/null; echo "subshell $?"
i=0; trap 'i=$((i + 1)); echo $i >tmp/count' USR1; (for n in 1 2 3 4 5; do kill -USR1 $$; until [ "$(cat tmp/count 2>/dev/null)" = $n ]; do sleep 0.02; done; done) & while kill -0 $! 2>/dev/null; do wait $!; done; echo "signals $i"; seq 1000000 | head -n 1; echo "pipe ok"
timeout 0.2 sleep 10; echo "timeout $?"; timeout -s KILL 0.2 sleep 10; echo "timeout $?"; (ulimit -n 20; ulimit -n); (exec sh -c 'echo "exec $0 $*"' name a b); echo after; nohup echo nohup 2>/dev/null; exec sh -c 'echo replaced; exit 6'
