/* Sockets of this machine: pairs, messages with descriptors, names, TCP on the loopback interface. */
#include "show.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/un.h>

static void pass_descriptor(int pair[2]) {
  char control[CMSG_SPACE(sizeof(int))] = {0}, byte = 'p';
  struct iovec part = {&byte, 1};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
  struct cmsghdr *header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof(int));
  int fd = open("/dev/null", O_WRONLY), received = -1;
  memcpy(CMSG_DATA(header), &fd, sizeof fd);
  SHOW(sendmsg(pair[0], &message, 0));
  memset(control, 0, sizeof control);
  SHOW(recvmsg(pair[1], &message, MSG_CMSG_CLOEXEC));
  header = CMSG_FIRSTHDR(&message);
  memcpy(&received, CMSG_DATA(header), sizeof received);
  HOLDS(header->cmsg_type == SCM_RIGHTS && received > fd);
  SHOW(write(received, "x", 1));
}

int main(void) {
  int pair[2], value;
  char buffer[64] = "";
  socklen_t length = sizeof value;
  enter_scratch();
  SHOW(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair));
  SHOW(send(pair[0], "through", 7, 0));
  SHOW(recv(pair[1], buffer, sizeof buffer, MSG_PEEK));
  SHOW(read(pair[1], buffer, sizeof buffer));
  printf("%s\n", buffer);
  SHOW(recv(pair[1], buffer, 1, MSG_DONTWAIT));
  SHOW(getsockopt(pair[0], SOL_SOCKET, SO_TYPE, &value, &length));
  printf("type %d\n", value);
  pass_descriptor(pair);
  SHOW(shutdown(pair[0], SHUT_WR));
  SHOW(read(pair[1], buffer, sizeof buffer));

  struct sockaddr_un name = {.sun_family = AF_UNIX, .sun_path = "socket"}, seen;
  int listener = socket(AF_UNIX, SOCK_STREAM, 0), client = socket(AF_UNIX, SOCK_STREAM, 0);
  SHOW(bind(listener, (struct sockaddr *)&name, sizeof name));
  SHOW(listen(listener, 1));
  SHOW(connect(client, (struct sockaddr *)&name, sizeof name));
  int server = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
  SHOW(write(client, "unix", 4));
  SHOW(read(server, buffer, 4));
  length = sizeof seen;
  SHOW(getpeername(client, (struct sockaddr *)&seen, &length));
  printf("%.4s %s\n", buffer, seen.sun_path);
  SHOW(bind(socket(AF_UNIX, SOCK_STREAM, 0), (struct sockaddr *)&name, sizeof name));
  unlink("socket");

  struct sockaddr_in local = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)}, peer;
  int tcp = socket(AF_INET, SOCK_STREAM, 0), one = 1;
  SHOW(setsockopt(tcp, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one));
  SHOW(bind(tcp, (struct sockaddr *)&local, sizeof local));
  SHOW(listen(tcp, 1));
  length = sizeof local;
  SHOW(getsockname(tcp, (struct sockaddr *)&local, &length));
  int out = socket(AF_INET, SOCK_STREAM, 0);
  SHOW(setsockopt(out, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one));
  SHOW(connect(out, (struct sockaddr *)&local, sizeof local));
  length = sizeof peer;
  int in = accept(tcp, (struct sockaddr *)&peer, &length);
  printf("from %s\n", inet_ntoa(peer.sin_addr));
  SHOW(send(out, "tcp", 3, MSG_NOSIGNAL));
  SHOW(recv(in, buffer, 3, MSG_WAITALL));
  printf("%.3s\n", buffer);
  int udp = socket(AF_INET, SOCK_DGRAM, 0);
  SHOW(sendto(udp, "datagram", 8, 0, (struct sockaddr *)&local, sizeof local));
  SHOW(socket(AF_INET, SOCK_STREAM, 99));
  SHOW(send(99, "x", 1, 0));
  leave_scratch();
  return 0;
}
