#pragma once

#include <optional>
#include <string>
#include <vector>

#include "nodes/command.hpp"

namespace troupe {

/// `job ID...`: all that is known of jobs.
class job_verb : public command {
public:
  void add_to(CLI::App& verb) override;
  int run(const command_context& context) const override;

private:
  std::vector<std::string> ids_;
  bool json_ = false;
};

} // namespace troupe
