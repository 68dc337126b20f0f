"""Sub-processes, pipes, threads, signals, sockets, selectors, file locks, exit paths."""
import atexit, fcntl, os, select, selectors, signal, socket, stat, struct, subprocess, sys, threading, time

def show(*words): print(*words, flush=True)
run = subprocess.run
show(run(['echo', 'hello'], capture_output=True, text=True).stdout, run('exit 7', shell=True).returncode, run(['sh', '-c', 'kill -9 $$']).returncode)
show(run(['tr', 'a-z', 'A-Z'], input='to upper\n', text=True, capture_output=True).stdout, run('cat; echo error >&2', shell=True, input=b'x' * 200000, capture_output=True).stderr)
try: run(['sleep', '10'], timeout=0.2)
except subprocess.TimeoutExpired as error: show('timeout', error.cmd)
try: run(['false'], check=True)
except subprocess.CalledProcessError as error: show(error)
try: subprocess.Popen(['/no/such/program'])
except FileNotFoundError as error: show(error)
show(run(['env'], env={}, capture_output=True).stdout, run(['sh', '-c', 'echo $A; pwd -P | sed s,.*/,,; umask'], env={'A': 'b', 'PATH': os.environ['PATH']}, cwd='tmp', umask=0o27, capture_output=True, text=True).stdout)
one = subprocess.Popen(['seq', '1', '20000'], stdout=subprocess.PIPE)
two = subprocess.Popen(['grep', '7'], stdin=one.stdout, stdout=subprocess.PIPE)
three = subprocess.Popen(['wc', '-l'], stdin=two.stdout, stdout=subprocess.PIPE, text=True)
one.stdout.close(); two.stdout.close()
show(three.communicate()[0].strip(), one.wait(), two.wait())
show(run([sys.executable, '-c', 'import sys; print(sys.argv, sum(map(int, sys.stdin)))', 'a', 'b c'], input='\n'.join(map(str, range(100))), text=True, capture_output=True).stdout)
many = [subprocess.Popen(['sh', '-c', f'exit {n}']) for n in range(12)]
show([child.wait() for child in many])

# fork, pipes, descriptors that are passed on
read, write = os.pipe()
pid = os.fork()
if pid == 0:
    os.close(read); os.write(write, b'from the child'); os._exit(5)
os.close(write)
show(os.read(read, 100), os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
pid = os.posix_spawn('/bin/sh', ['sh', '-c', 'echo spawned >&3'], os.environ, file_actions=[(os.POSIX_SPAWN_OPEN, 3, 'spawned', os.O_CREAT | os.O_WRONLY, 0o600)], setsigdef=[signal.SIGPIPE])
os.waitpid(pid, 0); show(open('spawned').read(), oct(stat.S_IMODE(os.stat('spawned').st_mode)))
pid = os.fork()
if pid == 0: os.setpgid(0, 0); signal.pause(); os._exit(0)
time.sleep(0.1); os.kill(pid, signal.SIGSTOP); _, status = os.waitpid(pid, os.WUNTRACED); show('stopped', os.WIFSTOPPED(status), os.WSTOPSIG(status))
os.kill(pid, signal.SIGCONT); _, status = os.waitpid(pid, os.WCONTINUED); show('continued', os.WIFCONTINUED(status)); os.kill(pid, signal.SIGTERM); _, status = os.waitpid(pid, 0); show('ended', os.WTERMSIG(status))

# signals
seen = []
for name in ('SIGUSR1', 'SIGUSR2', 'SIGALRM', 'SIGWINCH'): signal.signal(getattr(signal, name), lambda number, frame: seen.append(signal.Signals(number).name))
os.kill(os.getpid(), signal.SIGUSR1); signal.raise_signal(signal.SIGUSR2); signal.setitimer(signal.ITIMER_REAL, 0.02, 0.02)
count = 0
while seen.count('SIGALRM') < 5: count += 1
signal.setitimer(signal.ITIMER_REAL, 0); show(seen[:2], seen.count('SIGALRM') >= 5)
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1]); os.kill(os.getpid(), signal.SIGUSR1); show(signal.sigpending(), signal.sigwait([signal.SIGUSR1])); show(signal.sigtimedwait([signal.SIGUSR1], 0.01)); signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGUSR1])
threading.Timer(0.05, lambda: os.kill(os.getpid(), signal.SIGUSR2)).start(); before = len(seen); time.sleep(0.3); show(seen[before:])
alarm_read, alarm_write = socket.socketpair(); alarm_write.setblocking(False); signal.set_wakeup_fd(alarm_write.fileno()); signal.raise_signal(signal.SIGWINCH); show(alarm_read.recv(10)); signal.set_wakeup_fd(-1)

# threads
total, lock, barrier, results = 0, threading.Lock(), threading.Barrier(4), []
def work(n):
    global total
    for i in range(2000):
        with lock: total += i
    barrier.wait(); results.append(n)
threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
for thread in threads: thread.start()
for thread in threads: thread.join()
show(total, sorted(results))
queue, condition, consumed = [], threading.Condition(), []
def consume():
    while True:
        with condition:
            condition.wait_for(lambda: queue); item = queue.pop(0)
        if item is None: return
        consumed.append(item)
consumers = [threading.Thread(target=consume) for _ in range(3)]
for thread in consumers: thread.start()
for item in [*range(300), None, None, None]:
    with condition: queue.append(item); condition.notify()
for thread in consumers: thread.join()
show(len(consumed), sum(consumed)); local = threading.local(); local.x = 1; event = threading.Event(); threading.Thread(target=lambda: event.set() if not hasattr(local, 'x') else None).start(); show(event.wait(5))

# sockets
server = socket.create_server(('127.0.0.1', 0)); port = server.getsockname()[1]; selector = selectors.DefaultSelector(); server.setblocking(False); selector.register(server, selectors.EVENT_READ); echoed, finished = 0, 0
def client(n):
    with socket.create_connection(('127.0.0.1', port)) as s:
        s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for i in range(20): s.sendall(struct.pack('!I', i * n) * 50); assert len(s.recv(200, socket.MSG_WAITALL)) == 200
clients = [threading.Thread(target=client, args=(n,)) for n in range(5)]
for thread in clients: thread.start()
while finished < 5:
    for key, events in selector.select(5):
        if key.fileobj is server:
            connection, address = server.accept(); selector.register(connection, selectors.EVENT_READ)
        elif data := key.fileobj.recv(4096): key.fileobj.sendall(data); echoed += len(data)
        else: selector.unregister(key.fileobj); key.fileobj.close(); finished += 1
for thread in clients: thread.join()
show(echoed, finished)
left, right = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM); file = open('passed', 'w+'); file.write('through a socket'); file.flush(); socket.send_fds(left, [b'fd'], [file.fileno()]); data, fds, *_ = socket.recv_fds(right, 10, 4); show(data, os.pread(fds[0], 100, 0)); unix = socket.socket(socket.AF_UNIX); unix.bind('unix.socket'); show(stat.S_ISSOCK(os.stat('unix.socket').st_mode), unix.getsockopt(socket.SOL_SOCKET, socket.SO_TYPE) == socket.SOCK_STREAM); udp = socket.socket(type=socket.SOCK_DGRAM); udp.bind(('127.0.0.1', 0)); udp.settimeout(0.05)
try: udp.recv(1)
except TimeoutError as error: show(error)
udp.sendto(b'self', udp.getsockname()); show(udp.recvfrom(10)[0], select.select([udp], [udp], [], 0)[1] == [udp]); poll = select.poll(); poll.register(right, select.POLLIN | select.POLLOUT); show([event for _, event in poll.poll(0)])
try: socket.create_connection(('127.0.0.1', 1), timeout=2)
except ConnectionRefusedError as error: show(error)
six = socket.socket(socket.AF_INET, socket.SOCK_STREAM); show(socket.inet_ntop(socket.AF_INET6, socket.inet_pton(socket.AF_INET6, '::ffff:1.2.3.4')), socket.getaddrinfo('127.0.0.1', 80, type=socket.SOCK_STREAM)[0][4], six.getsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR))

# a pseudo-terminal
leader, follower = os.openpty(); pid = os.fork()
if pid == 0:
    os.close(leader); os.login_tty(follower); os.execvp('sh', ['sh', '-c', 'test -t 0 && echo terminal; stty size; read line; echo "got $line"; exec sleep 10'])
os.close(follower); fcntl.ioctl(leader, 0x5414, struct.pack('4H', 33, 111, 0, 0)); os.write(leader, b'typed\n'); text = b''
while b'got typed' not in text: text += os.read(leader, 1000)
os.write(leader, b'\x03'); show(os.WTERMSIG(os.waitpid(pid, 0)[1]), b"terminal" in text)
atexit.register(lambda: show('atexit')); threading.Thread(target=lambda: (time.sleep(0.05), show('last thread'))).start(); sys.stdout.write('main ends\n')
