"""
session.py SHELL [OPTION...]: an interactive shell on a pseudo-terminal: line editing, ^C, ^Z, jobs, fg, ^U, ^D.
Prints what the terminal showed. Every step waits for what the one before it shows.
"""
import fcntl, os, re, select, struct, sys, time

leader, follower = os.openpty()
fcntl.ioctl(leader, 0x5414, struct.pack('4H', 24, 80, 0, 0))  # TIOCSWINSZ
pid = os.fork()
if pid == 0:
    os.close(leader)
    os.login_tty(follower)
    os.environ.update(PS1='ready> ', PS2='more> ', TERM='dumb', HISTFILE='/dev/null', INPUTRC='/dev/null')
    os.execvp(sys.argv[1], sys.argv[1:])
os.close(follower)
shown = b''

def until(text):
    global shown
    end = time.monotonic() + 100
    while text not in shown:
        if not select.select([leader], [], [], max(0, end - time.monotonic()))[0]:
            sys.exit(f'{text} did not come: {shown}')
        try: shown += os.read(leader, 4096)
        except OSError: return
    end = shown.index(text) + len(text)
    part, shown = shown[:end], shown[end:]
    print(part.decode().replace('\r', '<cr>').replace('\a', '<bell>'), end='', flush=True)

def type(keys, shows=b'\nready> '):
    os.write(leader, keys)
    until(shows)

until(b'ready> ')
type(b'echo one $((6 * 7))\r')
type(b'eco two\x7f\x7f\x7f\x7f\x7f\x7fcho three\r')
type(b'stty size; tty | cut -c1-9; test -t 1 && echo terminal\r')
type(b'for n in 1 2; do\r', b'more> ')
type(b'echo $n\r', b'more> ')
type(b'done\r')
LONG = b"sh -c 'echo started; exec sleep 100'\r"
type(LONG, b'\nstarted\r\n')
type(b'\x03')
type(b'echo status $?\r')
type(LONG, b'\nstarted\r\n')
type(b'\x1a')
type(b'jobs\r')
type(b'fg\r', b'exec sleep 100')
time.sleep(0.5)
type(b'\x03')
type(b"sh -c 'echo started; exec cat'\r", b'\nstarted\r\n')
type(b'a line\r', b'a line\r\na line\r\n')
type(b'\x04', b'ready> ')
type(b'abc\x15stty -echo; echo quiet; stty echo\r')
type(b'trap "echo interrupted" INT; echo started; sleep 100; echo after\r', b'\nstarted\r\n')
time.sleep(0.5)
type(b'\x03')
os.write(leader, b'\x04')
print('\nended', os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
