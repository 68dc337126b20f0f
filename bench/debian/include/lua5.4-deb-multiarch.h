/* What debian/rules makes: the folder of the multiarch libraries. */
#define DEB_HOST_MULTIARCH "riscv64-linux-gnu"
