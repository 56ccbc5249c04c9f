#include "nodes/command_output.hpp"

#include <utility>

#include <unistd.h>

#include "nodes/standard_streams.hpp"

namespace troupe {

int print(command_output& out, std::string_view text) {
  auto printed = out.data(text);
  if (!printed)
    out.complain(printed.error());
  return exit_status(printed.error().code);
}

int fail(command_output& out, const failure& error, bool as_json) {
  out.complain(error);
  if (as_json)
    print(out, to_text(to_json(error)));
  return exit_status(error.code);
}

process_output::process_output(std::shared_ptr<terminal> screen)
    : screen_(std::move(screen)),
      data_traits_(
          find_traits(isatty(STDOUT_FILENO) == 1, read_environment())) {}

outcome<void> process_output::data(std::string_view text) {
  // Where both are one terminal, the live line would stand in the way.
  screen_->clear();
  return write_stdout(text);
}

} // namespace troupe
