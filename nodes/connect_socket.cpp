#include "nodes/connect_socket.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <utility>

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

namespace troupe {

namespace {

using time_point = std::chrono::steady_clock::time_point;

struct free_addresses {
  void operator()(addrinfo* x) const { freeaddrinfo(x); }
};

using address_list = std::unique_ptr<addrinfo, free_addresses>;

/// @returns an errno value, 0 when it is writable
int await_writable(int socket, time_point deadline) {
  using std::chrono::milliseconds;
  for (;;) {
    auto left = std::chrono::ceil<milliseconds>(
        deadline - std::chrono::steady_clock::now());
    pollfd watched{socket, POLLOUT, 0};
    auto rc = poll(&watched, 1,
                   static_cast<int>(std::max(left, milliseconds{0}).count()));
    if (rc > 0)
      return 0;
    if (rc == 0)
      return ETIMEDOUT;
    if (errno != EINTR)
      return errno;
  }
}

/// @returns an errno value, 0 when it is connected
int connect_one(int socket, const addrinfo& to, time_point deadline) {
  if (connect(socket, to.ai_addr, to.ai_addrlen) == 0)
    return 0;
  if (errno != EINPROGRESS)
    return errno;
  if (auto error = await_writable(socket, deadline); error != 0)
    return error;
  int error = 0;
  socklen_t size = sizeof(error);
  if (getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size) != 0)
    return errno;
  return error;
}

} // namespace

outcome<unique_fd> connect_socket(const std::string& host, uint16_t port,
                                  time_point deadline) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV;
  addrinfo* found = nullptr;
  auto service = std::to_string(port);
  auto rc = getaddrinfo(host.c_str(), service.c_str(), &hints, &found);
  address_list addresses{found};
  if (rc != 0)
    return failure{
        ec::no_cluster, host,
        std::string{"its address can't be found: "}
            + (rc == EAI_SYSTEM ? std::strerror(errno) : gai_strerror(rc)),
        ""};
  auto error = ETIMEDOUT;
  for (auto* address = found; address != nullptr; address = address->ai_next) {
    unique_fd socket{::socket(address->ai_family,
                              SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
    if (!socket) {
      error = errno;
      continue;
    }
    error = connect_one(socket.get(), *address, deadline);
    if (error == 0) {
      // Small messages should not wait for each other.
      int on = 1;
      setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
      return socket;
    }
  }
  return failure{ec::no_cluster, host + ':' + service,
                 error == ETIMEDOUT ? "no answer" : std::strerror(error), ""};
}

} // namespace troupe
