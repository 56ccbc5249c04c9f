#pragma once

#include <optional>
#include <string>
#include <vector>

#include "nodes/command.hpp"

namespace troupe {

/// `top`: nodes and running jobs on a whole screen, live. Where there is none,
/// once.
class top_verb : public command {
public:
  void add_to(CLI::App& verb) override;
  int run(const command_context& context) const override;

private:
  bool json_ = false;
};

} // namespace troupe
