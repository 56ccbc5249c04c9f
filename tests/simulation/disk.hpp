#pragma once

#include <memory>
#include <string>
#include <vector>

#include "actors/memory_store.hpp"

namespace troupe::simulation {

/// What a coordinator's node keeps: it outlives the process, and knows only
/// what was committed.
struct disk {
  memory_store kept;

  /// Nothing more fits while this is true.
  bool full = false;

  /// What was written and must never be.
  std::vector<std::string> complaints;
};

/// A journal's store on that disk.
/// @param where must outlive the store
/// @param dead true once the process was killed: nothing is written any more
std::unique_ptr<journal_store> open_store(disk& where,
                                          std::shared_ptr<const bool> dead);

} // namespace troupe::simulation
