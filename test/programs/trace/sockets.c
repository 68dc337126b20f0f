#include "trace.h"
#include <arpa/inet.h>
#include <linux/netlink.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>

int main(void) {
  char buffer[256];
  enter();
  MARK();
  int listener = CALL(socket, AF_INET, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_IP);
  CALL(socket, AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, IPPROTO_UDP);
  int six = CALL(socket, AF_INET6, SOCK_STREAM, IPPROTO_TCP);
  CALL(socket, AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
  CALL(socket, 99, 1, 0);
  int on = 1;
  CALL(setsockopt, listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  CALL(setsockopt, listener, SOL_TCP, TCP_NODELAY, &on, sizeof on);
  CALL(setsockopt, six, SOL_IPV6, IPV6_V6ONLY, &on, sizeof on);
  CALL(setsockopt, listener, SOL_IP, IP_TTL, &on, sizeof on);
  CALL(setsockopt, listener, SOL_SOCKET, SO_LINGER, &(struct linger){1, 5}, sizeof(struct linger));
  CALL(setsockopt, listener, SOL_SOCKET, SO_RCVTIMEO, &(struct timeval){1, 5}, sizeof(struct timeval));
  CALL(setsockopt, listener, SOL_SOCKET, 9999, &on, sizeof on);
  socklen_t length = sizeof on;
  CALL(getsockopt, listener, SOL_SOCKET, SO_TYPE, &on, &length);
  CALL(getsockopt, listener, SOL_SOCKET, SO_ERROR, &on, &length);
  length = sizeof(struct linger);
  CALL(getsockopt, listener, SOL_SOCKET, SO_LINGER, buffer, &length);
  CALL(getsockopt, -1, SOL_SOCKET, SO_ERROR, &on, &length);
  struct sockaddr_in address = {AF_INET, htons(0), {htonl(INADDR_LOOPBACK)}, {0}};
  CALL(bind, listener, &address, sizeof address);
  CALL(listen, listener, 5);
  CALL(bind, -1, &(struct sockaddr_in6){AF_INET6, htons(80), htonl(5), IN6ADDR_LOOPBACK_INIT, 2}, sizeof(struct sockaddr_in6));
  CALL(bind, -1, &(struct sockaddr_nl){AF_NETLINK, 0, 7, 8}, sizeof(struct sockaddr_nl));
  struct sockaddr_un local = {AF_UNIX, "socket"};
  int named = CALL(socket, AF_UNIX, SOCK_DGRAM, 0);
  CALL(bind, named, &local, sizeof local);
  CALL(connect, named, &(struct sockaddr_un){AF_UNIX, "none"}, offsetof(struct sockaddr_un, sun_path) + 5);
  CALL(connect, named, &(struct sockaddr_un){AF_UNIX, "\0none"}, offsetof(struct sockaddr_un, sun_path) + 5);
  CALL(connect, -1, NULL, 0);
  length = sizeof local;
  CALL(getsockname, named, &local, &length);
  length = 4;
  CALL(getpeername, named, &local, &length);
  int pair[2];
  CALL(socketpair, AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair);
  CALL(sendto, pair[0], "hello", 5, MSG_NOSIGNAL, NULL, 0);
  CALL(recvfrom, pair[1], buffer, sizeof buffer, MSG_DONTWAIT | MSG_PEEK, NULL, NULL);
  CALL(recvfrom, pair[1], buffer, sizeof buffer, 0, NULL, NULL);
  CALL(recvfrom, pair[1], buffer, sizeof buffer, MSG_DONTWAIT, NULL, NULL);
  length = sizeof address;
  CALL(sendto, named, "x", 1, 0, &address, length);
  struct iovec vector = {"data", 4};
  struct {
    struct cmsghdr header;
    int fds[2];
  } control = {{sizeof(struct cmsghdr) + 8, SOL_SOCKET, SCM_RIGHTS}, {pair[0], pair[1]}};
  struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
  CALL(sendmsg, pair[0], &message, MSG_NOSIGNAL);
  vector = (struct iovec){buffer, sizeof buffer};
  CALL(recvmsg, pair[1], &message, MSG_CMSG_CLOEXEC);
  struct mmsghdr many[2] = {{{.msg_iov = &(struct iovec){"ab", 2}, .msg_iovlen = 1}, 0},
                            {{.msg_iov = &(struct iovec){"cd", 2}, .msg_iovlen = 1}, 0}};
  CALL(sendmmsg, pair[0], many, 2, 0);
  message = (struct msghdr){0};
  many[0].msg_hdr = (struct msghdr){.msg_iov = &(struct iovec){buffer, 4}, .msg_iovlen = 1};
  CALL(recvmmsg, pair[1], many, 1, MSG_DONTWAIT, NULL);
  CALL(recvmsg, pair[1], &message, MSG_DONTWAIT);
  CALL(shutdown, pair[0], SHUT_RDWR);
  CALL(accept4, -1, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
  struct ifreq interface = {.ifr_name = "lo"};
  CALL(ioctl, listener, SIOCGIFFLAGS, &interface);
  CALL(ioctl, listener, SIOCGIFINDEX, &interface);
  CALL(unlinkat, AT_FDCWD, "socket", 0);
  MARK();
  leave();
  return 0;
}
