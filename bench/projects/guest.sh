#!/bin/sh -e
# guest.sh LINE COMMAND [ARGUMENT...]: runs the command where programs of the binfmt_misc registration LINE start by their
# names. Namespaces of its own have a binfmt_misc of their own (Linux 6.7), so that nothing of the system changes.
if [ "$FERRY_NAMESPACE" != 1 ]; then
  FERRY_NAMESPACE=1 exec unshare --user --map-root-user --mount "$0" "$@"
fi
mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc
printf %s "$1" >/proc/sys/fs/binfmt_misc/register
shift
exec "$@"
