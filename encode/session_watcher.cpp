#include "encode/session_watcher.hpp"

#include <algorithm>
#include <array>
#include <cerrno>

#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>

namespace troupe::session {

namespace {

constexpr size_t header_bytes = 4;
constexpr size_t max_last_words = 4096;
constexpr std::chrono::milliseconds patience{1000};

uint32_t length_at(std::string_view bytes) {
  uint32_t result = 0;
  for (size_t i = 0; i < header_bytes; ++i)
    result = result << 8 | static_cast<uint8_t>(bytes[i]);
  return result;
}

/// What one read without waiting brought.
struct chunk {
  std::array<char, 65536> bytes;
  ssize_t size = 0;

  bool end() const {
    return size == 0
           || (size < 0 && errno != EAGAIN && errno != EWOULDBLOCK
               && errno != EINTR);
  }

  std::string_view text() const {
    return {bytes.data(), size > 0 ? static_cast<size_t>(size) : 0};
  }
};

} // namespace

void record_splitter::feed(std::string_view bytes) {
  buffer_.erase(0, used_);
  used_ = 0;
  buffer_ += bytes;
}

std::optional<std::string_view> record_splitter::next() {
  auto rest = std::string_view{buffer_}.substr(used_);
  if (broken_ || rest.size() < header_bytes)
    return std::nullopt;
  auto length = length_at(rest);
  if (length == 0 || length > max_record_bytes) {
    broken_ = true;
    return std::nullopt;
  }
  if (rest.size() - header_bytes < length)
    return std::nullopt;
  used_ += header_bytes + length;
  return rest.substr(header_bytes, length);
}

void watcher::run() {
  while (!wait()) {
    if (control_open_)
      read_records();
    if (errors_open_)
      read_errors();
    if (!control_open_ && !patience_ends_)
      patience_ends_ = clock::now() + patience;
    if (patience_ends_ && clock::now() >= *patience_ends_)
      kill_because("it closed its control socket and did not end");
  }
  // What it said before its end still lies in the socket and the pipe.
  while (control_open_ && read_records())
    ;
  while (errors_open_ && read_errors())
    ;
  hears_(reap());
}

bool watcher::wait() {
  using std::chrono::milliseconds;
  std::array<pollfd, 3> watched{
      pollfd{session_.process.get(), POLLIN, 0},
      pollfd{control_open_ ? session_.control.get() : -1, POLLIN, 0},
      pollfd{errors_open_ ? session_.errors.get() : -1, POLLIN, 0}};
  int timeout_ms = -1;
  if (patience_ends_ && verdict_.empty()) {
    auto left = std::chrono::ceil<milliseconds>(*patience_ends_ - clock::now());
    timeout_ms = static_cast<int>(std::max<int64_t>(left.count(), 0));
  }
  ::poll(watched.data(), watched.size(), timeout_ms);
  return watched[0].revents != 0;
}

bool watcher::read_records() {
  chunk got;
  got.size = ::recv(session_.control.get(), got.bytes.data(), got.bytes.size(),
                    MSG_DONTWAIT);
  control_open_ = !got.end();
  // Nothing that follows a broken record means anything; it is read all the
  // same, so that the socket comes to its end.
  if (!verdict_.empty())
    return got.size > 0;
  records_.feed(got.text());
  while (auto body = records_.next())
    deliver(*body);
  if (records_.broken())
    kill_because("it announced a record of impossible length");
  return got.size > 0;
}

bool watcher::read_errors() {
  chunk got;
  pollfd ready{session_.errors.get(), POLLIN, 0};
  if (::poll(&ready, 1, 0) <= 0)
    return false;
  got.size = ::read(session_.errors.get(), got.bytes.data(), got.bytes.size());
  errors_open_ = !got.end();
  last_words_ += got.text();
  if (last_words_.size() > max_last_words)
    last_words_.erase(0, last_words_.size() - max_last_words);
  return got.size > 0;
}

void watcher::deliver(std::string_view body) {
  if (!verdict_.empty())
    return;
  auto what = read_event(body);
  if (what)
    hears_(std::move(*what));
  else
    kill_because("it sent a " + to_string(what.error()));
}

void watcher::kill_because(std::string reason) {
  if (!verdict_.empty())
    return;
  verdict_ = std::move(reason);
  kill_session(session_);
}

exited watcher::reap() {
  int status = 0;
  while (::waitpid(session_.pid, &status, 0) < 0 && errno == EINTR)
    ;
  exited result;
  result.status = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
  result.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  result.last_words = std::move(last_words_);
  if (!verdict_.empty()) {
    if (!result.last_words.empty() && result.last_words.back() != '\n')
      result.last_words += '\n';
    result.last_words += "killed because " + verdict_;
  }
  return result;
}

} // namespace troupe::session
