#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <utility>

namespace troupe {

/// Hands events from any thread to the one that waits for them, in order and
/// without loss. For events that are few by nature, such as signals.
template <class T>
class post_box {
public:
  /// From any thread.
  void put(T value) {
    std::lock_guard guard{mutex_};
    waiting_.push_back(std::move(value));
    changed_.notify_one();
  }

  /// Waits for the next event and takes it.
  T take() {
    std::unique_lock lock{mutex_};
    changed_.wait(lock, [this] { return !waiting_.empty(); });
    auto result = std::move(waiting_.front());
    waiting_.pop_front();
    return result;
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<T> waiting_;
};

} // namespace troupe
