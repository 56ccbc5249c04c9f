#pragma once

#include <cstddef>

#include "actors/journal_store.hpp"

namespace troupe {

/// About how many bytes of memory an entry holds, all its strings included.
size_t size_bytes(const journal_entry& entry);

} // namespace troupe
