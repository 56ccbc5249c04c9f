#pragma once

#include <string>

#include "actors/sqlite_schema.hpp"

namespace troupe {

/// Opens a journal's file, or makes it when there is none: whole or not at all,
/// readable for its owner only. One that is damaged, of a newer troupe or no
/// journal is refused with journal_failed, and every byte of it and of its -wal
/// file stays as it is. An older one is brought to the newest version.
outcome<sqlite_database> open_journal_file(const std::string& path,
                                           const sqlite_schema& schema);

} // namespace troupe
