# gdb without a process: expressions, Python.
gdb -q -nx -batch -ex 'print 6 * 7' -ex 'print/x 255' -ex 'python print(sum(range(10)))' -ex 'info line main' 2>&1 | head -n 4
