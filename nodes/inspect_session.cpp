#include "nodes/inspect_session.hpp"

#include <cerrno>
#include <chrono>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>

#include "encode/unique_fd.hpp"

namespace troupe {

namespace {

/// Long enough for a disk that has to spin up and an index at the file's end.
constexpr std::chrono::seconds patience{60};

/// A session says hello and answers; whatever comes beyond is dropped.
constexpr size_t max_notices = 16;

outcome<unique_fd> open_input(const std::string& path) {
  // Without O_NONBLOCK opening a FIFO would wait for its writer.
  unique_fd file{
      open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)};
  if (!file)
    return failure{ec::no_input, path,
                   std::string{"cannot be read: "} + std::strerror(errno),
                   "check the path and its rights"};
  struct stat info {};
  if (fstat(file.get(), &info) != 0 || !S_ISREG(info.st_mode))
    return failure{ec::no_input, path, "is no regular file",
                   "name a file that holds media"};
  return file;
}

failure describe_exit(const std::string& path, const session::exited& end) {
  auto how = end.signal != 0
                 ? "was killed by signal " + std::to_string(end.signal)
                 : "ended with status " + std::to_string(end.status);
  auto words = end.last_words.empty() ? "" : ", saying: " + end.last_words;
  return {ec::session_crashed, path, "the session " + how + words,
          "the file may be damaged"};
}

/// The failure about this file, where the session didn't name one.
failure about(const std::string& path, failure error) {
  if (error.subject.empty())
    error.subject = path;
  return error;
}

} // namespace

inspect_session::inspect_session(session::starter start, session_limits limits)
    : start_(std::move(start)), limits_(limits) {}

void inspect_session::cancel() {
  std::lock_guard guard{mutex_};
  cancelled_ = true;
  changed_.notify_all();
}

outcome<session::notice> inspect_session::next_notice() {
  std::unique_lock lock{mutex_};
  changed_.wait_for(lock, patience,
                    [this] { return cancelled_ || !notices_.empty(); });
  if (cancelled_)
    return failure{ec::cancelled, "", "interrupted", ""};
  if (notices_.empty())
    return failure{ec::stalled, "", "the session gave no answer in a minute",
                   "try again, or check the disk"};
  auto result = std::move(notices_.front());
  notices_.pop_front();
  return result;
}

outcome<media_info> inspect_session::inspect(const std::string& path) {
  auto input = open_input(path);
  if (!input)
    return input.error();
  session::start_request opening;
  opening.limits = limits_;
  auto started = start_(opening, [this](session::notice what) {
    std::lock_guard guard{mutex_};
    if (notices_.size() < max_notices)
      notices_.push_back(std::move(what));
    changed_.notify_all();
  });
  if (!started)
    return started.error();
  auto& process = **started;
  for (;;) {
    auto heard = next_notice();
    if (!heard)
      return about(path, heard.error());
    if (auto end = std::get_if<session::exited>(&*heard))
      return describe_exit(path, *end);
    auto& said = std::get<session::event>(*heard);
    if (auto hello = std::get_if<session::hello>(&said)) {
      if (hello->version != session::protocol_version)
        return failure{ec::protocol_mismatch, "troupe-session",
                       "is of another version than troupe",
                       "install both together"};
      // When this fails the session is gone, and `exited` says why.
      process.send(session::inspect_request{}, {input->get()});
    } else if (auto found = std::get_if<session::inspected>(&said)) {
      return std::move(found->media);
    } else if (auto refused = std::get_if<session::refused>(&said)) {
      return about(path, refused->error);
    }
  }
}

} // namespace troupe
