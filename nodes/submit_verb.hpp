#pragma once

#include <string>
#include <vector>

#include "nodes/command.hpp"
#include "nodes/job_options.hpp"

namespace troupe {

/// `submit INPUT... -o OUTPUT` and `submit --job FILE`: hands jobs in.
class submit_verb : public command {
public:
  void add_to(CLI::App& verb) override;
  int run(const command_context& context) const override;

private:
  outcome<std::vector<job_request>> requests() const;

  std::vector<std::string> inputs_;
  job_options job_;
  std::string file_;
  std::string key_;
  bool wait_ = false;
  bool json_ = false;
};

/// The jobs that inputs and options ask for: one per input. Several need an
/// output that differs with the input (nodes/output_pattern.hpp), and no key,
/// or they would be one job. Code usage.
outcome<std::vector<job_request>>
requests_for(const std::vector<std::string>& inputs, const job_options& options,
             const std::string& key);

/// Makes the paths of a job those of the cluster (nodes/cluster_path.hpp) and
/// checks what can be checked without the cluster.
outcome<void> prepare(job_request& request, const local_roots& roots);

} // namespace troupe
