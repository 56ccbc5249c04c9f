#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

namespace troupe {

/// Ends the process when an orderly end takes too long, as long as it lives:
/// one disk that hangs must not keep a process that was told to go.
class end_watch {
public:
  /// @param status that the process ends with
  explicit end_watch(int status);
  ~end_watch();

  end_watch(const end_watch&) = delete;
  end_watch& operator=(const end_watch&) = delete;

private:
  void watch(int status);

  std::mutex mutex_;
  std::condition_variable changed_;
  bool over_ = false;
  std::thread thread_;
};

} // namespace troupe
