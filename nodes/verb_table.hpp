#pragma once

#include <functional>
#include <memory>
#include <vector>

#include <CLI/App.hpp>

#include "nodes/verb_context.hpp"

namespace troupe {

/// A verb that the command line knows.
struct verb_row {
  CLI::App* app = nullptr; ///< the verb's options; `parsed()` when it was typed
  std::function<int(const verb_context&)> run; ///< returns the exit status
};

/// Makes a verb known to the command line. A `Verb` is a struct that CLI11
/// fills: `add_to(app)` names its options, `run(context)` does it.
template <class Verb, class... Ts>
verb_row add_verb(CLI::App& app, const Ts&... arguments) {
  auto verb = std::make_shared<Verb>(arguments...);
  auto& options = verb->add_to(app);
  return {&options,
          [verb](const verb_context& context) { return verb->run(context); }};
}

/// Makes every verb of `troupe` known to `app`, in the order of its help.
std::vector<verb_row> add_verbs(CLI::App& app);

} // namespace troupe
