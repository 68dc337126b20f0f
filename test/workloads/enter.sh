#!/bin/sh
# enter.sh native|qemu|ferry SYSROOT FOLDER SEEN COMMAND...
#
# The first process of namespaces of its own (mount, pid, ipc). All run in FOLDER and see it as SEEN, so that paths in
# output and files agree. Native runs and qemu see nothing of this machine but SYSROOT, /dev and a /proc of their own
# processes. The kernel starts qemu (QEMU, or qemu-riscv64) for RISC-V programs, through a binfmt_misc of the user namespace
# that the run has: as such the programs can start others.
set -e
side=$1 sysroot=$2 folder=$3 seen=$4
shift 4
umask 022
mount -t proc proc /proc
mount --bind "$folder" "$seen"
if [ "$side" = qemu ]; then
  export QEMU_CPU=rv64
  mount -t binfmt_misc none /proc/sys/fs/binfmt_misc
  header='\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xf3\x00'
  mask='\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff'
  # P: the program sees its own argument 0. F: the interpreter is opened now, for all roots.
  printf '%s' ":riscv64:M::$header:$mask:$(command -v "${QEMU:-qemu-riscv64}"):PF" >/proc/sys/fs/binfmt_misc/register
fi
if [ "$side" != ferry ]; then
  new=$seen.root
  mount -t tmpfs tmpfs "$new"
  for entry in "$sysroot"/*; do
    name=${entry##*/}
    if [ -L "$entry" ]; then
      cp -P "$entry" "$new/$name"
    elif [ -d "$entry" ]; then
      mkdir "$new/$name"
      case $name in
      dev | proc | sys | tmp | run) ;;
      *) mount --bind "$entry" "$new/$name" ;;
      esac
    fi
  done
  mkdir -p "$new/dev" "$new/proc" "$new$seen"
  mount --rbind /dev "$new/dev"
  mount -t proc proc "$new/proc"
  mount --bind "$folder" "$new$seen"
  set -- chroot "$new" /usr/bin/env -C "$seen" "$@"
else
  set -- env -C "$seen" "$@"
fi
set +e
"$@"
exit $?
