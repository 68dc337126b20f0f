# procps: what /proc tells of processes and memory.
ps -o comm= -p $$; pgrep -c bash | grep -c .; free | wc -l; sysctl -n kernel.ostype
