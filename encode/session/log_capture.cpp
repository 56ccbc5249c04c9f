#include "encode/session/log_capture.hpp"

#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <mutex>
#include <utility>

#include <unistd.h>

extern "C" {
#include <libavutil/log.h>
}

namespace troupe::session {

namespace {

constexpr size_t most_lines = 16;

/// Hostile media can provoke a message per byte; after so many the session is
/// quiet.
constexpr size_t most_written = 1000;

struct captured_log {
  std::mutex mutex;
  std::vector<std::string> lines;
  size_t written = 0;
};

captured_log& captured() {
  static captured_log instance;
  return instance;
}

void keep(std::string line) {
  while (!line.empty() && (line.back() == '\n' || line.back() == ' '))
    line.pop_back();
  if (line.empty())
    return;
  auto& log = captured();
  std::lock_guard lock{log.mutex};
  if (log.lines.size() < most_lines
      && std::find(log.lines.begin(), log.lines.end(), line) == log.lines.end())
    log.lines.push_back(line);
  if (log.written++ >= most_written)
    return;
  line += '\n';
  // Nobody is left to tell when this fails.
  [[maybe_unused]] auto count =
      ::write(STDERR_FILENO, line.data(), line.size());
}

void on_message(void* source, int level, const char* format,
                va_list arguments) {
  if (level > AV_LOG_ERROR)
    return;
  char line[512];
  // Without the address that libav's own prefix would show.
  auto kind = source ? *static_cast<AVClass**>(source) : nullptr;
  std::vsnprintf(line, sizeof(line), format, arguments);
  keep(kind ? std::string{kind->item_name(source)} + ": " + line : line);
}

} // namespace

void install_log() {
  av_log_set_callback(on_message);
}

std::vector<std::string> take_log() {
  auto& log = captured();
  std::lock_guard lock{log.mutex};
  return std::exchange(log.lines, {});
}

} // namespace troupe::session
