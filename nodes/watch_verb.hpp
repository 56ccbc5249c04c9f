#pragma once

#include <optional>
#include <string>
#include <vector>

#include "nodes/command.hpp"

namespace troupe {

/// `watch [ID...]`: how jobs go, to their end; without any, how the cluster
/// goes.
class watch_verb : public command {
public:
  void add_to(CLI::App& verb) override;
  int run(const command_context& context) const override;

private:
  std::vector<std::string> ids_;
  bool json_ = false;
};

} // namespace troupe
