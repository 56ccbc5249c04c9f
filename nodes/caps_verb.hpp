#pragma once

#include <optional>
#include <string>
#include <vector>

#include "nodes/command.hpp"

namespace troupe {

/// `caps NODE`: what a node can encode, as `probe` shows it.
class caps_verb : public command {
public:
  void add_to(CLI::App& verb) override;
  int run(const command_context& context) const override;

private:
  std::string node_;
  bool json_ = false;
};

} // namespace troupe
