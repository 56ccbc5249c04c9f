#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include "actors/roots.hpp"
#include "messages/member.hpp"

namespace troupe {

/// Looks every second what the machine is up to, on a thread of its own: a root
/// on a file system that hangs must not stop an actor.
class load_watch {
public:
  explicit load_watch(std::shared_ptr<const root_table> roots);
  ~load_watch();

  load_watch(const load_watch&) = delete;
  load_watch& operator=(const load_watch&) = delete;

  /// What it saw last; from any thread.
  node_load latest() const;

private:
  void watch();

  std::shared_ptr<const root_table> roots_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool ending_ = false;
  node_load latest_;
  std::thread thread_; ///< the last to be made: it uses the rest
};

} // namespace troupe
