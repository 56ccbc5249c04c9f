#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "actors/sqlite_database.hpp"

namespace troupe {

/// How a journal's tables came to be: the step at index N turns version N into
/// version N + 1, version 0 being an empty file. Steps are never changed, only
/// added.
using sqlite_schema = std::vector<std::string>;

/// That of the journal, as docs/journal.md explains it.
const sqlite_schema& journal_schema();

/// Marks a file as a troupe journal: "trpj".
inline constexpr uint32_t journal_application_id = 0x7472706a;

/// Takes the steps that the file lacks, each in a transaction of its own.
outcome<void> migrate(sqlite_database& database, const sqlite_schema& schema);

} // namespace troupe
