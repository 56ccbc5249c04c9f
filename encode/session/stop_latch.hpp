#pragma once

#include <functional>
#include <mutex>
#include <utility>
#include <vector>

#include "messages/failure.hpp"

namespace troupe::session {

/// The first failure of any stage stops them all. Stages wait on queues only,
/// so aborting the queues is all it takes.
class stop_latch {
public:
  /// Registers what must be aborted; before any stage runs.
  void on_stop(std::function<void()> abort) {
    aborts_.push_back(std::move(abort));
  }

  /// Keeps the first failure and stops every stage. From any thread.
  void fail(failure error) {
    {
      std::lock_guard lock{mutex_};
      if (error_.code != ec::none)
        return;
      error_ = std::move(error);
    }
    for (auto& abort : aborts_)
      abort();
  }

  /// The first failure; code none when all went well. After all stages ended.
  failure error() const {
    std::lock_guard lock{mutex_};
    return error_;
  }

private:
  mutable std::mutex mutex_;
  failure error_;
  std::vector<std::function<void()>> aborts_;
};

} // namespace troupe::session
