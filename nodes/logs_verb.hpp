#pragma once

#include <optional>
#include <string>
#include <vector>

#include "nodes/command.hpp"

namespace troupe {

/// `logs ID [-f]`: what happened to a job.
class logs_verb : public command {
public:
  void add_to(CLI::App& verb) override;
  int run(const command_context& context) const override;

private:
  std::string id_;
  bool follow_ = false;
  bool json_ = false;
};

} // namespace troupe
