/* ioctl on files, devices and sockets: structures, and what has none. */
#include "../syscalls/show.h"
#include <linux/fiemap.h>
#include <linux/fs.h>
#include <linux/if_tun.h>
#include <linux/loop.h>
#include <linux/nsfs.h>
#include <linux/random.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <termios.h>

static void generic(void) {
  int fd = open("file", O_CREAT | O_RDWR, 0600), number = -1, ends[2];
  write(fd, "0123456789", 10);
  SHOW(ioctl(fd, FIOCLEX));
  SHOW(fcntl(fd, F_GETFD));
  SHOW(ioctl(fd, FIONCLEX));
  SHOW(fcntl(fd, F_GETFD));
  SHOW(ioctl(fd, FIONBIO, &(int){1}));
  HOLDS(fcntl(fd, F_GETFL) & O_NONBLOCK);
  lseek(fd, 3, SEEK_SET);
  SHOW(ioctl(fd, FIONREAD, &number));
  SHOW(number);
  SHOW(ioctl(fd, FIGETBSZ, &number) == 0 && number >= 512);
  struct {
    struct fiemap map;
    struct fiemap_extent extents[4];
  } map = {.map = {.fm_length = ~0ul, .fm_extent_count = 4, .fm_flags = FIEMAP_FLAG_SYNC}};
  int mapped = ioctl(fd, FS_IOC_FIEMAP, &map);
  HOLDS(mapped == 0 ? map.map.fm_mapped_extents <= 1 : errno == EOPNOTSUPP || errno == ENOTTY);
  struct fsxattr attributes = {0};
  HOLDS(ioctl(fd, FS_IOC_FSGETXATTR, &attributes) == 0 || errno == ENOTTY || errno == EOPNOTSUPP);
  uint32_t flags = 0, version = 0;
  int has = ioctl(fd, FS_IOC_GETFLAGS, &flags) == 0;
  if (has) {
    flags |= FS_NODUMP_FL;
    int set = ioctl(fd, FS_IOC_SETFLAGS, &flags);
    flags = 0;
    ioctl(fd, FS_IOC_GETFLAGS, &flags);
    HOLDS(set != 0 || flags & FS_NODUMP_FL);
  }
  SHOW(ioctl(fd, FS_IOC_GETVERSION, &version) == 0 || errno == ENOTTY);
  int other = open("other", O_CREAT | O_RDWR, 0600);
  HOLDS(ioctl(other, FICLONE, fd) == 0 || errno == EOPNOTSUPP || errno == EINVAL);
  struct file_clone_range range = {fd, 0, 10, 0};
  HOLDS(ioctl(other, FICLONERANGE, &range) == 0 || errno == EOPNOTSUPP || errno == EINVAL);
  SHOW(ioctl(fd, TCGETS, &(struct termios){0}));
  SHOW(ioctl(fd, 0x12345678, 0));
  SHOW(ioctl(99, FIONREAD, &number));
  SHOW(ioctl(fd, FIONREAD, (void *)8));
  pipe(ends);
  write(ends[1], "12345", 5);
  SHOW(ioctl(ends[0], FIONREAD, &number));
  SHOW(number);
  SHOW(ioctl(ends[0], FIOASYNC, &(int){0}));
  close(fd);
  close(other);
  unlink("file");
  unlink("other");
}

static void devices(void) {
  int random = open("/dev/urandom", O_RDONLY), bits = -1;
  SHOW(ioctl(random, RNDGETENTCNT, &bits));
  HOLDS(bits > 0);
  SHOW(ioctl(open("/dev/zero", O_RDONLY), RNDGETENTCNT, &bits));
  int space = open("/proc/self/ns/user", O_RDONLY);
  if (space >= 0) {
    SHOW(ioctl(space, NS_GET_NSTYPE));
    uid_t owner = 99;
    SHOW(ioctl(space, NS_GET_OWNER_UID, &owner));
    SHOW(owner);
    SHOW(ioctl(space, NS_GET_PARENT));
  }
  int tunnel = open("/dev/net/tun", O_RDWR);
  if (tunnel >= 0) {
    unsigned features = 0;
    SHOW(ioctl(tunnel, TUNGETFEATURES, &features));
    HOLDS(features & IFF_TUN);
    struct ifreq request = {.ifr_flags = IFF_TUN | IFF_NO_PI, .ifr_name = "ferry%d"};
    int made = ioctl(tunnel, TUNSETIFF, &request) == 0;
    HOLDS(made ? strncmp(request.ifr_name, "ferry", 5) == 0 : errno == EPERM);
    struct ifreq got = {0};
    HOLDS(ioctl(tunnel, TUNGETIFF, &got) == 0 ? (got.ifr_flags & IFF_TUN) != 0 : !made);
    close(tunnel);
  }
}

static void block_device(void) {
  int control = open("/dev/loop-control", O_RDWR), device = -1, number = -1;
  int image = open("image", O_CREAT | O_RDWR, 0600);
  ftruncate(image, 1 << 20);
  for (int tries = 0; device < 0 && tries < 50; tries++) {
    /* Another process may be faster. */
    char name[32];
    number = control < 0 ? -1 : ioctl(control, LOOP_CTL_GET_FREE);
    snprintf(name, sizeof name, "/dev/loop%d", number);
    int fd = number < 0 ? -1 : open(name, O_RDWR);
    if (fd >= 0 && ioctl(fd, LOOP_SET_FD, image) == 0) device = fd;
    else close(fd);
  }
  if (device < 0) {
    close(image);
    unlink("image");
    return;
  }
  struct loop_info small = {0};
  struct loop_info64 large = {.lo_offset = 4096, .lo_file_name = "a name", .lo_flags = LO_FLAGS_AUTOCLEAR};
  uint64_t size = 0;
  unsigned long sectors = 0;
  int block = 0;
  SHOW(ioctl(device, BLKGETSIZE64, &size));
  SHOW(size);
  SHOW(ioctl(device, BLKGETSIZE, &sectors));
  SHOW(sectors);
  SHOW(ioctl(device, BLKSSZGET, &block));
  SHOW(block);
  SHOW(ioctl(device, BLKROGET, &block));
  SHOW(block);
  SHOW(ioctl(device, LOOP_SET_STATUS64, &large));
  memset(&large, 0, sizeof large);
  SHOW(ioctl(device, LOOP_GET_STATUS64, &large));
  printf("%d %ld %s\n", large.lo_number == (unsigned)number, (long)large.lo_offset, large.lo_file_name);
  SHOW(ioctl(device, LOOP_GET_STATUS, &small));
  struct stat s;
  fstat(image, &s);
  printf("%d %d %s %d %d\n", small.lo_number == number, small.lo_offset, small.lo_name, small.lo_inode == s.st_ino,
         small.lo_flags);
  small.lo_offset = 8192;
  strcpy(small.lo_name, "another");
  SHOW(ioctl(device, LOOP_SET_STATUS, &small));
  memset(&small, 0, sizeof small);
  SHOW(ioctl(device, LOOP_GET_STATUS, &small));
  printf("%d %s\n", small.lo_offset, small.lo_name);
  SHOW(ioctl(device, BLKGETSIZE64, &size));
  SHOW(size);
  SHOW(ioctl(device, BLKFLSBUF, 0));
  SHOW(ioctl(device, LOOP_CLR_FD));
  close(device);
  close(image);
  unlink("image");
}

static void interfaces(void) {
  int fd = socket(AF_INET, SOCK_DGRAM, 0);
  const struct {
    unsigned long request;
    const char *name;
  } requests[] = {{SIOCGIFFLAGS, "flags"},     {SIOCGIFADDR, "address"}, {SIOCGIFNETMASK, "mask"},     {SIOCGIFMTU, "mtu"},
                  {SIOCGIFHWADDR, "hardware"}, {SIOCGIFINDEX, "index"},  {SIOCGIFTXQLEN, "queue"},     {SIOCGIFMETRIC, "metric"},
                  {SIOCGIFBRDADDR, "broad"},   {SIOCGIFDSTADDR, "to"},   {SIOCETHTOOL, "ethtool"}};
  for (unsigned i = 0; i < sizeof requests / sizeof *requests; i++) {
    struct ifreq request = {.ifr_name = "lo"};
    int result = ioctl(fd, requests[i].request, &request);
    printf("%s: %s", requests[i].name, result ? strerrorname_np(errno) : "0");
    for (unsigned at = 0; result == 0 && at < 16; at++) printf(" %02x", ((unsigned char *)&request.ifr_addr)[at]);
    printf("\n");
  }
  struct ifreq request = {.ifr_ifindex = 1};
  SHOW(ioctl(fd, SIOCGIFNAME, &request));
  printf("%s\n", request.ifr_name);
  struct ifconf list = {.ifc_len = 0, .ifc_req = NULL};
  SHOW(ioctl(fd, SIOCGIFCONF, &list));
  HOLDS(list.ifc_len >= (int)sizeof request);
  struct arpreq arp = {.arp_dev = "lo"};
  SHOW(ioctl(fd, SIOCGARP, &arp) == -1);
  int waiting = -1;
  SHOW(ioctl(fd, SIOCOUTQ, &waiting));
  SHOW(waiting);
  int group = 0;
  SHOW(ioctl(fd, FIOSETOWN, &(int){getpid()}));
  HOLDS(ioctl(fd, SIOCGPGRP, &group) == 0 && group == getpid());
  SHOW(ioctl(fd, SIOCGSTAMP, &(struct timeval){0}));
  close(fd);
}

int main(void) {
  enter_scratch();
  generic();
  devices();
  block_device();
  interfaces();
  leave_scratch();
  return 0;
}
