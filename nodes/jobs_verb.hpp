#pragma once

#include <optional>
#include <string>
#include <vector>

#include "nodes/command.hpp"

namespace troupe {

/// `jobs`: the jobs of the cluster, those that run first.
class jobs_verb : public command {
public:
  void add_to(CLI::App& verb) override;
  int run(const command_context& context) const override;

private:
  bool all_ = false;
  std::string state_;
  std::optional<std::string> limit_;
  bool json_ = false;
};

} // namespace troupe
