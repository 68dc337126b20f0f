/* Sockets: addresses, options, messages with descriptors and credentials, many messages at once. */
#include "../syscalls/show.h"
#include <arpa/inet.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <poll.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>

static void show_option(int fd, int level, int option, const char *name) {
  int value = -1;
  socklen_t size = sizeof value;
  int result = getsockopt(fd, level, option, &value, &size);
  printf("%s %d %d %u\n", name, result ? -errno : 0, value, size);
}
#define OPTION(fd, level, option) show_option(fd, level, option, #option)

static void options(void) {
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), one = 1;
  printf("%d %d\n", (fcntl(fd, F_GETFL) & O_NONBLOCK) != 0, fcntl(fd, F_GETFD));
  SHOW(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one));
  SHOW(setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &one, 2));
  SHOW(setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &(int){10000}, sizeof(int)));
  SHOW(setsockopt(fd, SOL_SOCKET, SO_LINGER, &(struct linger){1, 3}, sizeof(struct linger)));
  SHOW(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &(struct timeval){2, 500000}, sizeof(struct timeval)));
  SHOW(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one));
  SHOW(setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &(int){33}, sizeof(int)));
  SHOW(setsockopt(fd, IPPROTO_IP, IP_TOS, &(int){0x10}, sizeof(int)));
  SHOW(setsockopt(fd, 1234, 1, &one, sizeof one));
  OPTION(fd, SOL_SOCKET, SO_REUSEADDR);
  OPTION(fd, SOL_SOCKET, SO_KEEPALIVE);
  OPTION(fd, SOL_SOCKET, SO_RCVBUF);
  OPTION(fd, SOL_SOCKET, SO_TYPE);
  OPTION(fd, SOL_SOCKET, SO_DOMAIN);
  OPTION(fd, SOL_SOCKET, SO_PROTOCOL);
  OPTION(fd, SOL_SOCKET, SO_ERROR);
  OPTION(fd, SOL_SOCKET, SO_ACCEPTCONN);
  OPTION(fd, SOL_SOCKET, SO_INCOMING_CPU);
  OPTION(fd, SOL_SOCKET, 9999);
  OPTION(fd, IPPROTO_TCP, TCP_NODELAY);
  OPTION(fd, IPPROTO_TCP, TCP_KEEPIDLE);
  OPTION(fd, IPPROTO_TCP, TCP_MAXSEG);
  OPTION(fd, IPPROTO_IP, IP_TOS);
  OPTION(fd, IPPROTO_IP, IP_TTL);
  struct linger linger;
  socklen_t size = sizeof linger;
  SHOW(getsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, &size));
  printf("%d %d\n", linger.l_onoff, linger.l_linger);
  struct timeval timeout;
  size = sizeof timeout;
  SHOW(getsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, &size));
  printf("%ld %ld %u\n", (long)timeout.tv_sec, (long)timeout.tv_usec, size);
  struct tcp_info info;
  size = sizeof info;
  SHOW(getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size));
  printf("state %d\n", info.tcpi_state);
  char congestion[16] = "";
  size = sizeof congestion;
  HOLDS(getsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, congestion, &size) == 0 && congestion[0]);
  close(fd);
  SHOW(socket(AF_INET, 99, 0));
  SHOW(socket(99, SOCK_STREAM, 0));
  SHOW(socketpair(AF_INET, SOCK_STREAM, 0, (int[2]){0, 0}));
}

static void streams(void) {
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)}, peer;
  socklen_t size = sizeof address;
  SHOW(bind(listener, (void *)&address, sizeof address));
  SHOW(listen(listener, 5));
  SHOW(getsockname(listener, (void *)&address, &size));
  printf("%u %s %d\n", size, inet_ntoa(address.sin_addr), address.sin_port != 0);
  int client = socket(AF_INET, SOCK_STREAM, 0);
  SHOW(connect(client, (void *)&address, sizeof address));
  SHOW(connect(client, (void *)&address, sizeof address));
  size = sizeof peer;
  int server = accept4(listener, (void *)&peer, &size, SOCK_CLOEXEC | SOCK_NONBLOCK);
  printf("%d %d %u %s\n", (fcntl(server, F_GETFL) & O_NONBLOCK) != 0, fcntl(server, F_GETFD), size, inet_ntoa(peer.sin_addr));
  size = 4;
  SHOW(getpeername(server, (void *)&peer, &size));
  printf("%u\n", size);
  SHOW(send(client, "hello", 5, MSG_MORE));
  SHOW(send(client, " world", 6, 0));
  poll(&(struct pollfd){server, POLLIN, 0}, 1, 10000);
  int waiting;
  SHOW(ioctl(server, FIONREAD, &waiting));
  printf("%d\n", waiting);
  char text[64] = "";
  SHOW(recv(server, text, 5, MSG_PEEK));
  SHOW(recv(server, text, sizeof text, MSG_WAITALL));
  printf("%s\n", text);
  SHOW(recv(server, text, sizeof text, 0));
  SHOW(send(client, "!", 1, MSG_OOB));
  poll(&(struct pollfd){server, POLLPRI, 0}, 1, 10000);
  int marked = -1;
  SHOW(ioctl(server, SIOCATMARK, &marked));
  printf("%d\n", marked);
  SHOW(recv(server, text, 1, MSG_OOB));
  SHOW(shutdown(client, SHUT_WR));
  poll(&(struct pollfd){server, POLLIN, 0}, 1, 10000);
  SHOW(recv(server, text, sizeof text, 0));
  close(server);
  close(client);
  close(listener);
}

static void datagrams(void) {
  int a = socket(AF_INET, SOCK_DGRAM, 0), b = socket(AF_INET, SOCK_DGRAM, 0);
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)}, from;
  socklen_t size = sizeof to;
  bind(b, (void *)&to, sizeof to);
  getsockname(b, (void *)&to, &size);
  SHOW(sendto(a, "datagram", 8, 0, (void *)&to, sizeof to));
  char text[32] = "";
  size = sizeof from;
  SHOW(recvfrom(b, text, 4, MSG_TRUNC, (void *)&from, &size));
  printf("%.4s %u %d\n", text, size, from.sin_family);
  SHOW(setsockopt(b, IPPROTO_IP, IP_PKTINFO, &(int){1}, sizeof(int)));
  SHOW(setsockopt(b, SOL_SOCKET, SO_TIMESTAMP, &(int){1}, sizeof(int)));
  SHOW(connect(a, (void *)&to, sizeof to));
  struct mmsghdr many[3] = {0};
  struct iovec parts[3] = {{"one", 3}, {"three", 5}, {"four", 4}};
  for (int i = 0; i < 3; i++) many[i].msg_hdr = (struct msghdr){.msg_iov = &parts[i], .msg_iovlen = 1};
  SHOW(sendmmsg(a, many, 3, 0));
  printf("%u %u %u\n", many[0].msg_len, many[1].msg_len, many[2].msg_len);
  char texts[3][8], control[3][256];
  struct iovec into[3];
  for (int i = 0; i < 3; i++) {
    into[i] = (struct iovec){texts[i], sizeof texts[i]};
    many[i].msg_hdr = (struct msghdr){.msg_iov = &into[i], .msg_iovlen = 1, .msg_control = control[i], .msg_controllen = 256};
  }
  SHOW(recvmmsg(b, many, 3, MSG_WAITFORONE, &(struct timespec){5, 0}));
  for (int i = 0; i < 3; i++) {
    printf("%.*s", (int)many[i].msg_len, texts[i]);
    for (struct cmsghdr *c = CMSG_FIRSTHDR(&many[i].msg_hdr); c; c = CMSG_NXTHDR(&many[i].msg_hdr, c))
      printf(" %d:%d:%zu", c->cmsg_level, c->cmsg_type, (size_t)c->cmsg_len);
    printf("\n");
  }
  SHOW(recv(b, text, sizeof text, MSG_DONTWAIT));
  SHOW(sendto(a, "x", 1, 0, (void *)&to, 3));
  SHOW(send(a, text, 100000, 0));
  close(a);
  close(b);
}

static void local(void) {
  int pair[2], ends[2], one = 1;
  SHOW(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair));
  pipe(ends);
  SHOW(setsockopt(pair[1], SOL_SOCKET, SO_PASSCRED, &one, sizeof one));
  union {
    char bytes[CMSG_SPACE(2 * sizeof(int))];
    struct cmsghdr header;
  } control;
  struct iovec part = {"with descriptors", 16};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
  struct cmsghdr *c = CMSG_FIRSTHDR(&message);
  *c = (struct cmsghdr){.cmsg_len = CMSG_LEN(2 * sizeof(int)), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS};
  memcpy(CMSG_DATA(c), ends, sizeof ends);
  SHOW(sendmsg(pair[0], &message, 0));
  char text[32] = "", room[256];
  part = (struct iovec){text, sizeof text};
  message = (struct msghdr){.msg_iov = &part, .msg_iovlen = 1, .msg_control = room, .msg_controllen = sizeof room};
  SHOW(recvmsg(pair[1], &message, MSG_CMSG_CLOEXEC));
  printf("%s flags %x\n", text, message.msg_flags);
  for (c = CMSG_FIRSTHDR(&message); c; c = CMSG_NXTHDR(&message, c)) {
    printf("%d %d %zu\n", c->cmsg_level, c->cmsg_type, (size_t)c->cmsg_len);
    if (c->cmsg_type == SCM_CREDENTIALS) {
      struct ucred sender;
      memcpy(&sender, CMSG_DATA(c), sizeof sender);
      printf("%d %d %d\n", sender.pid == getpid(), sender.uid == getuid(), sender.gid == getgid());
    } else {
      int fds[2];
      memcpy(fds, CMSG_DATA(c), sizeof fds);
      printf("%d\n", fcntl(fds[0], F_GETFD));
      write(fds[1], "through", 7);
      char got[8] = "";
      read(ends[0], got, 7);
      printf("%s\n", got);
    }
  }
  SHOW(send(pair[0], "four", 4, MSG_EOR));
  message.msg_controllen = 0;
  part.iov_len = 2;
  SHOW(recvmsg(pair[1], &message, 0));
  printf("flags %x\n", message.msg_flags);
  struct ucred peer;
  socklen_t size = sizeof peer;
  SHOW(getsockopt(pair[0], SOL_SOCKET, SO_PEERCRED, &peer, &size));
  HOLDS(peer.pid == getpid() && peer.uid == getuid());

  struct sockaddr_un name = {AF_UNIX, "socket"}, abstract = {AF_UNIX, ""}, got;
  int server = socket(AF_UNIX, SOCK_DGRAM, 0), client = socket(AF_UNIX, SOCK_DGRAM, 0);
  SHOW(bind(server, (void *)&name, sizeof name));
  SHOW(bind(client, (void *)&name, sizeof name));
  snprintf(abstract.sun_path + 1, 60, "ferry-%d", getpid());
  SHOW(bind(client, (void *)&abstract, offsetof(struct sockaddr_un, sun_path) + 10));
  SHOW(sendto(client, "x", 1, 0, (void *)&name, sizeof name));
  size = sizeof got;
  SHOW(recvfrom(server, text, sizeof text, 0, (void *)&got, &size));
  printf("%u %d %.5s\n", size, got.sun_path[0], got.sun_path + 1);
  SHOW(recvfrom(server, text, sizeof text, MSG_DONTWAIT, NULL, NULL));
  size = sizeof got;
  SHOW(getsockname(server, (void *)&got, &size));
  printf("%u %s\n", size, got.sun_path);
  unlink("socket");
  SHOW(connect(client, (void *)&name, sizeof name));
}

static void routes(void) {
  int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
  struct {
    struct nlmsghdr header;
    struct ifinfomsg info;
  } request = {{sizeof request, RTM_GETLINK, NLM_F_REQUEST | NLM_F_DUMP, 1, 0}, {.ifi_family = AF_UNSPEC}};
  SHOW(send(fd, &request, sizeof request, 0));
  static char answer[65536];
  int loopback = 0, done = 0;
  while (!done) {
    int left = (int)recv(fd, answer, sizeof answer, 0);
    for (struct nlmsghdr *h = (void *)answer; NLMSG_OK(h, left); h = NLMSG_NEXT(h, left)) {
      done |= h->nlmsg_type == NLMSG_DONE;
      if (h->nlmsg_type == RTM_NEWLINK) loopback |= ((struct ifinfomsg *)NLMSG_DATA(h))->ifi_flags & IFF_LOOPBACK;
    }
  }
  HOLDS(loopback);
  close(fd);
  fd = socket(AF_INET, SOCK_DGRAM, 0);
  struct ifreq interfaces[8], one = {.ifr_name = "lo"};
  struct ifconf list = {.ifc_len = sizeof interfaces, .ifc_req = interfaces};
  SHOW(ioctl(fd, SIOCGIFCONF, &list));
  HOLDS(list.ifc_len % sizeof *interfaces == 0 && list.ifc_len > 0);
  SHOW(ioctl(fd, SIOCGIFINDEX, &one));
  printf("%d %u\n", one.ifr_ifindex, if_nametoindex("lo"));
  SHOW(ioctl(fd, SIOCGIFADDR, &one));
  printf("%s\n", inet_ntoa(((struct sockaddr_in *)&one.ifr_addr)->sin_addr));
  strcpy(one.ifr_name, "none");
  SHOW(ioctl(fd, SIOCGIFFLAGS, &one));
  close(fd);
}

int main(void) {
  enter_scratch();
  options();
  streams();
  datagrams();
  local();
  routes();
  leave_scratch();
  return 0;
}
