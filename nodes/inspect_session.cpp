#include "nodes/inspect_session.hpp"

#include <chrono>
#include <utility>

#include "actors/session_failure.hpp"
#include "actors/source_file.hpp"

namespace troupe {

namespace {

/// Long enough for a disk that has to spin up and an index at the file's end.
constexpr std::chrono::seconds patience{60};

/// A session says hello and answers; whatever comes beyond is dropped.
constexpr size_t max_notices = 16;

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
  auto input = source_file::open(path, file_space{});
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
      return failure{heard.error().code, path, heard.error().cause,
                     heard.error().advice};
    if (auto end = std::get_if<session::exited>(&*heard))
      return failure_of_end(*end, path);
    auto& said = std::get<session::event>(*heard);
    if (auto hello = std::get_if<session::hello>(&said)) {
      if (hello->version != session::protocol_version)
        return failure{ec::protocol_mismatch, "troupe-session",
                       "is of another version than troupe",
                       "install both together"};
      // When this fails the session is gone, and `exited` says why.
      process.send(session::inspect_request{}, {input->descriptor()});
    } else if (auto found = std::get_if<session::inspected>(&said)) {
      return std::move(found->media);
    } else if (auto refused = std::get_if<session::refused>(&said)) {
      return failure_of_refusal(refused->error, path, "");
    }
  }
}

} // namespace troupe
