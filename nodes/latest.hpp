#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <utility>

namespace troupe {

/// Hands values from actors to the one thread that waits for them. Holds only
/// the newest: a reader that is slow, because its terminal is, misses what is
/// out of date and fills no queue.
template <class T>
class latest {
public:
  /// Replaces what wasn't taken yet; from any thread.
  void put(T value) {
    std::lock_guard guard{mutex_};
    value_ = std::move(value);
    changed_.notify_one();
  }

  /// Waits for a value and takes it.
  T take() {
    std::unique_lock lock{mutex_};
    changed_.wait(lock, [this] { return value_.has_value(); });
    auto result = std::move(*value_);
    value_.reset();
    return result;
  }

  /// Waits for a value and takes it; nothing when none comes in time.
  std::optional<T> take_within(std::chrono::milliseconds time) {
    std::unique_lock lock{mutex_};
    changed_.wait_for(lock, time, [this] { return value_.has_value(); });
    return std::exchange(value_, std::nullopt);
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<T> value_;
};

} // namespace troupe
