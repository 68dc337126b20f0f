#!/bin/sh
# enter.sh native|guest SYSROOT FOLDER SEEN COMMAND...
#
# The first process of namespaces of its own (mount, pid, ipc). Both sides run in FOLDER and see it as SEEN, so that paths in
# output and files agree. The native side sees nothing of this machine but SYSROOT, /dev and a /proc of its own processes.
set -e
side=$1 sysroot=$2 folder=$3 seen=$4
shift 4
umask 022
mount -t proc proc /proc
mount --bind "$folder" "$seen"
if [ "$side" = native ]; then
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
