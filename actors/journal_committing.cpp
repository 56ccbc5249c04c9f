#include "actors/journal_committing.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include <spdlog/spdlog.h>

#include "actors/journal_size.hpp"
#include "messages/types.hpp"

namespace troupe::journal_committing {

namespace {

/// What one transaction takes; with so much it is committed at once.
constexpr size_t max_batch_entries = 4096;
constexpr size_t max_batch_bytes = size_t{16} << 20;

/// How long a commit waits for others at most, and for which part of the time
/// that a commit takes.
constexpr std::chrono::milliseconds max_patience{2};
constexpr int patience_divisor = 4;

void refuse(journal_asker& asker, const failure& error) {
  std::visit([&error](auto& promise) { promise.deliver(to_caf(error)); },
             asker);
}

void clear(journal_state& state) {
  state.entries.clear();
  state.askers.clear();
  state.bytes = 0;
}

/// Jobs are refused, as nobody relies on them yet; changes wait.
void disk_is_full(journal_pointer self, const failure& error) {
  auto& state = self->state;
  if (!state.full)
    spdlog::error("journal: {}; jobs are refused and changes wait",
                  to_string(error));
  state.full = true;
  size_t kept = 0;
  for (size_t i = 0; i < state.entries.size(); ++i) {
    if (std::holds_alternative<submitted_job>(state.entries[i])) {
      state.bytes -= size_bytes(state.entries[i]);
      refuse(state.askers[i], no_room());
    } else if (auto to = kept++; to != i) {
      state.entries[to] = std::move(state.entries[i]);
      state.askers[to] = std::move(state.askers[i]);
    }
  }
  state.entries.resize(kept);
  state.askers.resize(kept);
  // Even with no change waiting it looks whether there is room again.
  schedule(self, full_disk_interval);
}

/// Answers those whose entries are durable.
/// @param ids of the jobs among them
void answer(journal_state& state, size_t count,
            const std::vector<job_id>& ids) {
  auto id = ids.begin();
  for (size_t i = 0; i < count; ++i) {
    state.bytes -= size_bytes(state.entries[i]);
    if (auto job =
            std::get_if<caf::typed_response_promise<job_id>>(&state.askers[i]))
      job->deliver(*id++);
    else
      std::get<caf::typed_response_promise<bool>>(state.askers[i])
          .deliver(true);
  }
  auto end = static_cast<std::ptrdiff_t>(count);
  state.entries.erase(state.entries.begin(), state.entries.begin() + end);
  state.askers.erase(state.askers.begin(), state.askers.begin() + end);
}

/// While more comes in quickly, it is worth to wait for it: the commit goes
/// behind what is in the mailbox by now. At most a dozen times, as each needs
/// twice as much.
bool still_gathering(const journal_state& state) {
  return state.entries.size() >= 2 * std::max<size_t>(state.gathered, 1);
}

/// Whoever was answered with the last commit will probably ask again, and one
/// commit for all of them is half the price of two. A single asker never waits.
bool others_to_come(const journal_state& state) {
  return !state.patient && state.entries.size() < state.last_count;
}

} // namespace

failure no_room() {
  return {ec::disk_full, "journal", "there is no room to write the job down",
          "free space on the disk of the coordinator's data-dir"};
}

void refuse_all(journal_state& state, const failure& error) {
  for (auto& asker : state.askers)
    refuse(asker, error);
  clear(state);
}

void fail(journal_pointer self, const failure& error) {
  spdlog::error("journal: {}", to_string(error));
  refuse_all(self->state, error);
  self->state.end = error;
  self->quit(to_caf(error));
}

void schedule(journal_pointer self, caf::timespan delay) {
  auto& state = self->state;
  if (state.scheduled)
    return;
  state.scheduled = true;
  state.gathered = state.entries.size();
  if (delay.count() == 0)
    self->send(self, atom::commit_v);
  else
    self->delayed_send(self, delay, atom::commit_v);
}

void room_again(journal_state& state) {
  if (state.full)
    spdlog::info("journal: there is room on the disk again");
  state.full = false;
}

bool commit_batch(journal_pointer self) {
  auto& state = self->state;
  const auto& step = state.config.step;
  auto count = std::min(state.entries.size(), max_batch_entries);
  step(journal_step::begin);
  auto begin = self->clock().now();
  state.patient = false;
  auto ids = state.store->commit(std::span{state.entries}.first(count), step);
  if (!ids) {
    if (ids.error().code == ec::disk_full)
      disk_is_full(self, ids.error());
    else
      fail(self, ids.error());
    return false;
  }
  step(journal_step::committed);
  state.last_count = count;
  state.last_duration = self->clock().now() - begin;
  room_again(state);
  answer(state, count, *ids);
  step(journal_step::answered);
  return true;
}

void commit_all(journal_pointer self) {
  while (!self->state.entries.empty() && commit_batch(self)) {
  }
}

bool put_off(journal_pointer self) {
  auto& state = self->state;
  if (state.full || state.entries.empty()
      || state.config.commit_delay.count() != 0)
    return false;
  if (still_gathering(state)) {
    schedule(self, caf::timespan{0});
    return true;
  }
  if (!others_to_come(state))
    return false;
  state.patient = true;
  schedule(self, std::min<caf::timespan>(state.last_duration / patience_divisor,
                                         max_patience));
  return true;
}

void gather(journal_pointer self, journal_entry entry, journal_asker asker) {
  auto& state = self->state;
  state.bytes += size_bytes(entry);
  state.entries.push_back(std::move(entry));
  state.askers.push_back(std::move(asker));
  if (state.full)
    return; // the next try is on its way
  auto all_are_there =
      state.patient && state.entries.size() >= state.last_count;
  if (all_are_there || state.entries.size() >= max_batch_entries
      || state.bytes >= max_batch_bytes)
    commit_all(self);
  else
    schedule(self, state.config.commit_delay);
}

} // namespace troupe::journal_committing
