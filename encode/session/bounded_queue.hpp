#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

namespace troupe::session {

/// Hands items from one stage to the next. Holds at most so many items and, as
/// soon as it holds `least`, so many bytes; a full queue makes the producer
/// wait. That is what keeps a session's memory flat.
template <class T>
class bounded_queue {
public:
  /// @param most items at any time
  /// @param most_bytes sum of the sizes given to push; exceeded by one item
  /// @param least items that are always allowed, however large
  bounded_queue(size_t most, size_t most_bytes, size_t least)
      : most_(most), most_bytes_(most_bytes), least_(least) {}

  /// Waits for room. False when the queue was aborted; the item is gone then.
  bool push(T item, size_t bytes) {
    std::unique_lock lock{mutex_};
    room_.wait(lock, [&] {
      return aborted_ || items_.size() < least_
             || (items_.size() < most_ && bytes_ < most_bytes_);
    });
    if (aborted_)
      return false;
    items_.emplace_back(std::move(item), bytes);
    bytes_ += bytes;
    filled_.notify_one();
    return true;
  }

  /// No more items will come.
  void close() {
    std::lock_guard lock{mutex_};
    closed_ = true;
    filled_.notify_all();
  }

  /// Both sides stop at once; what is inside is dropped.
  void abort() {
    std::lock_guard lock{mutex_};
    aborted_ = true;
    items_.clear();
    bytes_ = 0;
    filled_.notify_all();
    room_.notify_all();
  }

  /// Waits for an item; nothing when closed and empty, or aborted.
  std::optional<T> pop() {
    std::unique_lock lock{mutex_};
    filled_.wait(lock, [&] { return aborted_ || closed_ || !items_.empty(); });
    if (aborted_ || items_.empty())
      return std::nullopt;
    auto result = std::move(items_.front().first);
    bytes_ -= items_.front().second;
    items_.pop_front();
    room_.notify_one();
    return result;
  }

  bool aborted() const {
    std::lock_guard lock{mutex_};
    return aborted_;
  }

private:
  const size_t most_;
  const size_t most_bytes_;
  const size_t least_;
  mutable std::mutex mutex_;
  std::condition_variable filled_;
  std::condition_variable room_;
  std::deque<std::pair<T, size_t>> items_;
  size_t bytes_ = 0;
  bool closed_ = false;
  bool aborted_ = false;
};

} // namespace troupe::session
