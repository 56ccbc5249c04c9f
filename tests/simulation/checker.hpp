#pragma once

#include "tests/simulation/cluster.hpp"
#include "tests/simulation/history.hpp"
#include "tests/simulation/ledger.hpp"
#include "tests/simulation/outputs.hpp"
#include "tests/simulation/scenario.hpp"
#include "tests/simulation/sessions.hpp"

namespace troupe::simulation {

/// Everything that a scenario left behind.
struct remains {
  scenario_kind kind;
  const ledger& book;
  const session_models& sessions;
  const output_folder& outputs;
  uint32_t losses; ///< faults that may have lost a task
  const disk& journal;
};

/// Decides whether the promises were kept, once all is quiet: every job that
/// was acknowledged is known and ended as it must; a completed one has its
/// output, whole, published once, and nothing else is there.
void check(const remains& x, history& told);

/// The file that a job of this input makes.
std::string output_name(uint32_t input);

} // namespace troupe::simulation
