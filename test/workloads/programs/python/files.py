"""Files: os, pathlib, walking, descriptors, sparse and temporary files, sendfile, locks, compression, zip archives."""
import errno, fcntl, filecmp, fnmatch, glob, hashlib, io, os, pathlib, stat, sys, time, zlib
root = pathlib.Path('tree'); (root / 'a' / 'b').mkdir(parents=True); os.makedirs('tree/c', 0o700)
for i in range(15): (root / ['a', 'a/b', 'c'][i % 3] / f'file{i:02}.{"txt" if i % 2 else "dat"}').write_text(f'content {i}\n' * i)
for folder, folders, files in os.walk('tree'): folders.sort(); print(folder, folders, sorted(files))
print(sorted(map(str, root.rglob('*.txt'))), sorted(glob.glob('tree/**/file0[1-4]*', recursive=True)), fnmatch.filter(['a.c', 'b.h'], '*.[ch]'))
os.symlink('../c', root / 'a' / 'link'); os.link(root / 'c/file02.dat', root / 'hard'); print(os.readlink('tree/a/link'), (root / 'hard').stat().st_nlink, (root / 'a/link/file02.dat').samefile(root / 'hard'), (root / 'a/link').resolve().name)
for action in (lambda: os.mkdir('tree'), lambda: open('none'), lambda: os.rmdir('tree'), lambda: os.readlink('tree'), lambda: os.listdir('people.csv'), lambda: os.open('tree', os.O_WRONLY), lambda: os.lseek(os.pipe()[0], 0, 0), lambda: os.close(9999), lambda: os.rename('none', 'x')):
    try: action()
    except OSError as error: print(errno.errorcode[error.errno], error)
os.chmod('tree/hard', 0o4751); os.utime('tree/hard', ns=(1, 1234567890123456789)); s = os.stat('tree/c/file02.dat'); print(stat.filemode(s.st_mode), s.st_size, s.st_mtime_ns, s.st_atime_ns)
fd = os.open('data', os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o640); print(os.pwrite(fd, b'hello' * 20, 10), os.pread(fd, 12, 8), os.lseek(fd, 0, os.SEEK_END), os.writev(fd, [b'a', b'bc', b'']), os.preadv(fd, [bytearray(3), bytearray(2)], 108), os.fstat(fd).st_size); os.ftruncate(fd, 1 << 20); print(os.lseek(fd, 0, os.SEEK_HOLE) % 4096, os.posix_fallocate(fd, 0, 4096)); dup = os.dup(fd); print(os.get_inheritable(dup), fcntl.fcntl(dup, fcntl.F_GETFL) & os.O_ACCMODE == os.O_RDWR); fcntl.lockf(fd, fcntl.LOCK_EX | fcntl.LOCK_NB, 10, 5); pid = os.fork()
if pid == 0:
    try: fcntl.lockf(os.open('data', os.O_RDWR), fcntl.LOCK_EX | fcntl.LOCK_NB, 5, 8); code = 1
    except BlockingIOError: code = 17
    os._exit(code)
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])); source = os.open('prose.txt', os.O_RDONLY); sent = os.sendfile(fd, source, 100, 50000); print(sent, os.copy_file_range(source, fd, 5000, 0, 4096))
memory = os.memfd_create('m'); os.write(memory, b'in memory'); print(os.pread(memory, 20, 3), os.readlink(f'/proc/self/fd/{memory}').startswith('/memfd:m')); event = os.eventfd(3); os.eventfd_write(event, 4); print(os.eventfd_read(event)); timer = os.timerfd_create(time.CLOCK_MONOTONIC); os.timerfd_settime(timer, initial=0.01); print(int.from_bytes(os.read(timer, 8), 'little'))
with os.scandir('tree') as entries: print(sorted((e.name, e.is_dir(), e.is_symlink()) for e in entries))
folder = os.open('tree', os.O_DIRECTORY); print(sorted(os.listdir(folder)), os.stat('hard', dir_fd=folder).st_size); os.mkfifo('fifo', dir_fd=folder); os.replace('tree/hard', 'tree/renamed'); os.truncate('tree/renamed', 3); os.fchdir(folder); print(os.path.basename(os.getcwd())); os.chdir('..'); print(os.access('tree/renamed', os.R_OK), os.statvfs('.').f_namemax, os.umask(0o22) == 0o22)
prose = open('prose.txt', 'rb').read(); noise = open('noise.bin', 'rb').read()
for level in (1, 6, 9): print(level, *(len(zlib.compress(data, level)) < len(data) for data in (prose, noise)), zlib.decompress(zlib.compress(prose, level)) == prose)
with open('mixed', 'w', encoding='utf-16', newline='\r\n') as f: f.write('zeile\nü\n')
print(open('mixed', 'rb').read(), open('mixed', encoding='utf-16').readlines()); buffered = io.BufferedReader(io.FileIO('noise.bin'), 333); total = hashlib.sha1()
while chunk := buffered.read(1000): total.update(chunk)
print(total.hexdigest(), filecmp.cmp('noise.bin', 'noise.bin'), sum(1 for _ in open('people.csv')))
