#include "nodes/end_watch.hpp"

#include <chrono>

#include <spdlog/spdlog.h>
#include <unistd.h>

namespace troupe {

namespace {

constexpr std::chrono::seconds patience{15};

} // namespace

end_watch::end_watch(int status) : thread_([this, status] { watch(status); }) {}

end_watch::~end_watch() {
  {
    std::lock_guard guard{mutex_};
    over_ = true;
    changed_.notify_one();
  }
  thread_.join();
}

void end_watch::watch(int status) {
  std::unique_lock lock{mutex_};
  if (changed_.wait_for(lock, patience, [this] { return over_; }))
    return;
  spdlog::error("something hangs; ending without it");
  _exit(status);
}

} // namespace troupe
