#pragma once

#include <string>
#include <vector>

#include "nodes/command.hpp"

namespace troupe {

/// `cancel`, `pause`, `resume`, `retry` and `delete ID...`.
class job_order_verb : public command {
public:
  explicit job_order_verb(job_order what) : what_(what) {}

  void add_to(CLI::App& verb) override;
  int run(const command_context& context) const override;

private:
  job_order what_;
  std::vector<std::string> ids_;
  bool json_ = false;
};

/// `drain` and `undrain NODE...`.
class node_order_verb : public command {
public:
  explicit node_order_verb(node_order what) : what_(what) {}

  void add_to(CLI::App& verb) override;
  int run(const command_context& context) const override;

private:
  node_order what_;
  std::vector<std::string> nodes_;
  bool json_ = false;
};

} // namespace troupe
