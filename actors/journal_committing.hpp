#pragma once

#include "actors/journal.hpp"

/// How the JOURNAL gathers what arrives and commits it; for its own files only.
namespace troupe::journal_committing {

using journal_pointer = journal_actor::stateful_pointer<journal_state>;

constexpr std::chrono::seconds full_disk_interval{1};

failure no_room();

/// The end: nothing can be relied on any more.
void fail(journal_pointer self, const failure& error);

void refuse_all(journal_state& state, const failure& error);

/// Has `atom::commit` come, if none is on its way.
void schedule(journal_pointer self, caf::timespan delay);

/// The disk has taken something.
void room_again(journal_state& state);

/// Adds an entry to what waits, and sees to its commit.
void gather(journal_pointer self, journal_entry entry, journal_asker asker);

/// Commits the oldest entries; none, too. @returns false when that did not work
bool commit_batch(journal_pointer self);

/// Commits all entries, or as many as there is room for.
void commit_all(journal_pointer self);

/// Puts the commit off when that pays. @returns true then
bool put_off(journal_pointer self);

} // namespace troupe::journal_committing
