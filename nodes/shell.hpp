#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "nodes/command.hpp"

namespace troupe {

/// What becomes of the lines of a shell, wherever they come from.
class shell {
public:
  explicit shell(const command_context& context) : context_(context) {}

  /// Runs a line. Empty ones and remarks do nothing. What can't be run is
  /// complained about.
  void run(std::string_view line);

  /// True after `quit`.
  bool left() const { return left_; }

  /// The exit status of the last line that failed; 0 when none did.
  int status() const { return status_; }

  /// Verbs of the shell itself: "exit", "help", "quit".
  static const std::vector<std::string>& builtins();

private:
  int help(const std::vector<std::string>& words);

  command_context context_;
  bool left_ = false;
  int status_ = 0;
};

} // namespace troupe
