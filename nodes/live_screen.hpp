#pragma once

#include <functional>
#include <string>
#include <thread>
#include <vector>

#include <termios.h>

#include "nodes/top_text.hpp"

namespace troupe {

/// The terminal as a whole screen that is redrawn, with keys read as they are
/// pressed. What stood there before comes back when it goes. Standard input and
/// output must be a terminal.
class live_screen {
public:
  /// @param on_leave called, on another thread, when somebody presses q
  explicit live_screen(std::function<void()> on_leave);

  ~live_screen();

  live_screen(const live_screen&) = delete;
  live_screen& operator=(const live_screen&) = delete;

  /// True when both ends are a terminal.
  static bool possible();

  /// True while there is one: then lines would only disturb it.
  static bool is_shown();

  /// Its size right now, 80 by 24 when it doesn't say.
  static view_size size();

  /// Shows these lines and nothing else; they must fit.
  void draw(const std::vector<std::string>& lines);

private:
  void read_keys() const;

  std::function<void()> on_leave_;
  termios before_{};
  int stop_descriptor_ = -1; ///< readable when the thread is to end
  std::thread keys_;
};

} // namespace troupe
