#include "nodes/terminal.hpp"

#include <cerrno>
#include <cstdlib>

#include <sys/ioctl.h>
#include <unistd.h>

#include "nodes/printable.hpp"

namespace troupe {

namespace {

bool is_set(const char* variable) {
  return variable != nullptr && *variable != '\0';
}

bool names_utf8(std::string_view locale) {
  for (std::string_view name : {"UTF-8", "utf-8", "UTF8", "utf8"})
    if (locale.find(name) != std::string_view::npos)
      return true;
  return false;
}

/// To the line's start, then erase to its end.
constexpr std::string_view erase_line = "\r\x1b[K";

} // namespace

terminal_traits find_traits(bool is_terminal, const terminal_environment& x) {
  terminal_traits result;
  // The first of the three that is set counts (POSIX).
  for (auto locale : {x.lc_all, x.lc_ctype, x.lang}) {
    if (!is_set(locale))
      continue;
    result.utf8 = names_utf8(locale);
    break;
  }
  result.live =
      is_terminal && is_set(x.term) && std::string_view{x.term} != "dumb";
  result.color = result.live && !is_set(x.no_color);
  return result;
}

std::string colored(std::string_view sgr, std::string_view text, bool color) {
  if (!color || sgr.empty())
    return std::string{text};
  std::string result = "\x1b[";
  return result.append(sgr).append("m").append(text).append("\x1b[0m");
}

terminal_environment read_environment() {
  terminal_environment x;
  x.term = std::getenv("TERM");
  x.no_color = std::getenv("NO_COLOR");
  x.lc_all = std::getenv("LC_ALL");
  x.lc_ctype = std::getenv("LC_CTYPE");
  x.lang = std::getenv("LANG");
  return x;
}

terminal::terminal()
    : traits_(find_traits(isatty(STDERR_FILENO) == 1, read_environment())) {}

terminal::~terminal() {
  clear();
}

uint32_t terminal::columns() const {
  winsize size{};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
    return size.ws_col;
  return 80;
}

void terminal::say(std::string_view text) {
  auto line = printable(text, traits_.utf8) + '\n';
  std::lock_guard guard{mutex_};
  erase_live_line();
  // One write, so that lines of several processes don't mix.
  write_out(line + shown_);
}

void terminal::complain(const failure& error) {
  say("troupe: " + to_string(error));
}

void terminal::show(const std::string& rendered) {
  std::lock_guard guard{mutex_};
  // Drawn over the old one and the rest erased: no flicker.
  write_out("\r" + rendered + "\x1b[K");
  shown_ = rendered;
}

void terminal::clear() {
  std::lock_guard guard{mutex_};
  erase_live_line();
  shown_.clear();
}

void terminal::erase_live_line() {
  if (!shown_.empty())
    write_out(erase_line);
}

void terminal::write_out(std::string_view text) {
  while (!text.empty()) {
    auto written = write(STDERR_FILENO, text.data(), text.size());
    if (written < 0 && errno == EINTR)
      continue;
    if (written < 0)
      return; // there is no other place left to complain at
    text.remove_prefix(static_cast<size_t>(written));
  }
}

} // namespace troupe
