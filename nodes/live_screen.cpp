#include "nodes/live_screen.hpp"

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <utility>

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "nodes/standard_streams.hpp"

namespace troupe {

namespace {

// xterm's other screen, and its cursor: what every terminal emulator knows.
constexpr std::string_view enter = "\x1b[?1049h\x1b[?25l";
constexpr std::string_view leave = "\x1b[?25h\x1b[?1049l";

/// A terminal that is gone makes drawing pointless, not wrong.
void write_screen(std::string_view text) {
  [[maybe_unused]] auto written = write_stdout(text);
}

std::atomic<bool> shown{false};

} // namespace

bool live_screen::is_shown() {
  return shown;
}

bool live_screen::possible() {
  return isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1;
}

view_size live_screen::size() {
  winsize now{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &now) != 0 || now.ws_col == 0
      || now.ws_row == 0)
    return {};
  return {now.ws_col, now.ws_row};
}

live_screen::live_screen(std::function<void()> on_leave)
    : on_leave_(std::move(on_leave)),
      stop_descriptor_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  tcgetattr(STDIN_FILENO, &before_);
  auto raw = before_;
  // Keys at once and unseen; Ctrl-C stays a signal.
  raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
  tcsetattr(STDIN_FILENO, TCSADRAIN, &raw);
  write_screen(enter);
  shown = true;
  if (stop_descriptor_ != -1)
    keys_ = std::thread{[this] { read_keys(); }};
}

live_screen::~live_screen() {
  if (keys_.joinable()) {
    uint64_t one = 1;
    // Can't fail: the counter is far from full.
    [[maybe_unused]] auto written = write(stop_descriptor_, &one, sizeof(one));
    keys_.join();
  }
  if (stop_descriptor_ != -1)
    close(stop_descriptor_);
  shown = false;
  write_screen(leave);
  tcsetattr(STDIN_FILENO, TCSADRAIN, &before_);
}

void live_screen::read_keys() const {
  std::array<pollfd, 2> watched{pollfd{STDIN_FILENO, POLLIN, 0},
                                pollfd{stop_descriptor_, POLLIN, 0}};
  for (;;) {
    if (poll(watched.data(), watched.size(), -1) < 0) {
      if (errno == EINTR)
        continue;
      return;
    }
    if (watched[1].revents != 0)
      return;
    char key = 0;
    // The end of a terminal is a wish to leave, too.
    if (read(STDIN_FILENO, &key, 1) == 1 && key != 'q' && key != 'Q')
      continue;
    on_leave_();
    return;
  }
}

void live_screen::draw(const std::vector<std::string>& lines) {
  std::string text = "\x1b[H";
  for (size_t i = 0; i < lines.size(); ++i)
    text += (i == 0 ? "" : "\r\n") + lines[i] + "\x1b[K";
  // Below the last line; erasing from the end of a full screen would scroll.
  text += "\x1b[J";
  write_screen(text);
}

} // namespace troupe
