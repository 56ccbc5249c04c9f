#include "encode/session/control.hpp"

#include <cerrno>
#include <cstring>

#include <poll.h>
#include <sys/socket.h>

namespace troupe::session {

namespace {

/// A plan has one output per rendition; no sane ladder has more.
constexpr size_t max_descriptors = 32;

void collect(msghdr& header, std::vector<descriptor>& into) {
  for (auto part = CMSG_FIRSTHDR(&header); part;
       part = CMSG_NXTHDR(&header, part)) {
    if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS)
      continue;
    auto count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (size_t i = 0; i < count; ++i) {
      int fd = -1;
      std::memcpy(&fd, CMSG_DATA(part) + i * sizeof(int), sizeof(int));
      into.emplace_back(fd);
    }
  }
}

} // namespace

bool control::read_exactly(char* buffer, size_t size,
                           std::vector<descriptor>& descriptors) {
  while (size > 0) {
    alignas(cmsghdr) char side[CMSG_SPACE(max_descriptors * sizeof(int))];
    iovec part{buffer, size};
    msghdr header{};
    header.msg_iov = &part;
    header.msg_iovlen = 1;
    header.msg_control = side;
    header.msg_controllen = sizeof(side);
    auto count = ::recvmsg(fd_, &header, MSG_CMSG_CLOEXEC);
    if (count < 0 && errno == EINTR)
      continue;
    if (count <= 0)
      return false;
    collect(header, descriptors);
    buffer += count;
    size -= static_cast<size_t>(count);
  }
  return true;
}

std::optional<received_request> control::receive() {
  received_request result;
  unsigned char length[4];
  if (!read_exactly(reinterpret_cast<char*>(length), sizeof(length),
                    result.descriptors))
    return std::nullopt;
  auto size = uint32_t{length[0]} << 24 | uint32_t{length[1]} << 16
              | uint32_t{length[2]} << 8 | uint32_t{length[3]};
  if (size > max_record_bytes)
    return std::nullopt;
  std::string body(size, '\0');
  if (!read_exactly(body.data(), size, result.descriptors))
    return std::nullopt;
  auto what = read_request(body);
  if (!what)
    return std::nullopt;
  result.what = std::move(*what);
  return result;
}

control::waited control::wait(int wake, int timeout_ms) const {
  pollfd watched[] = {{wake, POLLIN, 0}, {fd_, POLLRDHUP, 0}};
  if (::poll(watched, 2, timeout_ms) <= 0)
    return waited::timeout;
  return watched[0].revents != 0 ? waited::woken : waited::gone;
}

bool control::send(const event& what) {
  auto bytes = to_record(what);
  std::lock_guard lock{sending_};
  for (size_t done = 0; done < bytes.size();) {
    auto count =
        ::send(fd_, bytes.data() + done, bytes.size() - done, MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR)
      continue;
    if (count <= 0)
      return false;
    done += static_cast<size_t>(count);
  }
  return true;
}

} // namespace troupe::session
