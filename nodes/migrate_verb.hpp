#pragma once

#include <optional>
#include <string>
#include <vector>

#include "nodes/command.hpp"

namespace troupe {

/// `migrate ID... --to NODE`: what runs of the jobs is started anew there.
class migrate_verb : public command {
public:
  void add_to(CLI::App& verb) override;
  int run(const command_context& context) const override;

private:
  std::vector<std::string> ids_;
  std::string to_;
  bool json_ = false;
};

} // namespace troupe
