#include "actors/journal.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include <spdlog/spdlog.h>

#include "actors/journal_size.hpp"
#include "messages/types.hpp"

namespace troupe {

namespace {

using journal_pointer = journal_actor::stateful_pointer<journal_state>;
using shared_image = std::shared_ptr<const journal_image>;

/// What one transaction takes; with so much it is committed at once.
constexpr size_t max_batch_entries = 4096;
constexpr size_t max_batch_bytes = size_t{16} << 20;

/// What may wait while the disk is full.
constexpr size_t max_waiting_entries = 65'536;
constexpr size_t max_waiting_bytes = size_t{64} << 20;

constexpr std::chrono::seconds full_disk_interval{1};

/// How long a commit waits for others at most, and for which part of the time
/// that a commit takes.
constexpr std::chrono::milliseconds max_patience{2};
constexpr int patience_divisor = 4;

// Ended jobs are forgotten in short steps, with room between them.
constexpr std::chrono::milliseconds prune_interval{50};
constexpr std::chrono::minutes prune_pause{1};

failure no_reign() {
  return {ec::conflict, "journal", "no reign has begun",
          "ask it to load before anything else"};
}

failure no_room() {
  return {ec::disk_full, "journal", "there is no room to write the job down",
          "free space on the disk of the coordinator's data-dir"};
}

failure too_much() {
  return {ec::overloaded, "journal",
          "too many changes wait for room on the disk",
          "free space on the disk of the coordinator's data-dir"};
}

void refuse(journal_asker& asker, const failure& error) {
  std::visit([&error](auto& promise) { promise.deliver(to_caf(error)); },
             asker);
}

void clear(journal_state& state) {
  state.entries.clear();
  state.askers.clear();
  state.bytes = 0;
}

void refuse_all(journal_state& state, const failure& error) {
  for (auto& asker : state.askers)
    refuse(asker, error);
  clear(state);
}

/// The end: nothing can be relied on any more.
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

void room_again(journal_state& state) {
  if (state.full)
    spdlog::info("journal: there is room on the disk again");
  state.full = false;
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

/// Commits the oldest entries. @returns false when that did not work
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

/// Puts the commit off when that pays. @returns true then
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

caf::result<job_id> submit(journal_pointer self, submitted_job& job) {
  auto& state = self->state;
  if (!state.store)
    return to_caf(no_reign());
  if (state.full)
    return to_caf(no_room());
  auto promise = self->make_response_promise<job_id>();
  gather(self, std::move(job), promise);
  return promise;
}

caf::result<bool> append(journal_pointer self, journal_change& change) {
  auto& state = self->state;
  if (!state.store)
    return to_caf(no_reign());
  if (state.entries.size() >= max_waiting_entries
      || state.bytes >= max_waiting_bytes)
    return to_caf(too_much());
  auto promise = self->make_response_promise<bool>();
  gather(self, std::move(change), promise);
  return promise;
}

void schedule_tick(journal_pointer self, std::chrono::milliseconds delay) {
  if (!std::exchange(self->state.ticking, true))
    self->delayed_send(self, delay, atom::tick_v);
}

/// What of an earlier reign couldn't be written never will be.
void end_reign(journal_pointer self) {
  auto& state = self->state;
  if (!state.store)
    return;
  commit_all(self);
  refuse_all(state, {ec::superseded, "journal", "another reign has begun", ""});
}

outcome<journal_image> begin_reign(journal_state& state) {
  if (!state.store) {
    auto store = state.config.open();
    if (!store)
      return std::move(store.error());
    state.store = std::move(*store);
  }
  const auto& step = state.config.step;
  step(journal_step::begin);
  auto image = state.store->begin_reign(step);
  if (image)
    step(journal_step::committed);
  return image;
}

/// Opens the reign for those who wait for one.
void try_load(journal_pointer self) {
  auto& state = self->state;
  auto image = begin_reign(state);
  if (!image && image.error().code == ec::disk_full) {
    if (!state.full)
      spdlog::error("journal: {}; the reign begins once there is room",
                    to_string(image.error()));
    state.full = true;
    return schedule(self, full_disk_interval);
  }
  auto waiting = std::exchange(state.loading, {});
  if (!image) {
    for (auto& promise : waiting)
      promise.deliver(to_caf(image.error()));
    return fail(self, image.error());
  }
  room_again(state);
  auto shared = std::make_shared<const journal_image>(std::move(*image));
  for (auto& promise : waiting)
    promise.deliver(shared_image{shared});
  state.config.step(journal_step::answered);
  schedule_tick(self, prune_interval);
}

caf::result<shared_image> load(journal_pointer self) {
  auto& state = self->state;
  end_reign(self);
  if (state.end.code != ec::none)
    return to_caf(state.end);
  auto promise = self->make_response_promise<shared_image>();
  state.loading.push_back(promise);
  if (state.loading.size() == 1)
    try_load(self);
  return promise;
}

void commit(journal_pointer self) {
  auto& state = self->state;
  state.scheduled = false;
  if (!state.loading.empty())
    return try_load(self);
  if (!state.store)
    return;
  if (put_off(self))
    return;
  // A batch of nothing tells whether there is room again.
  if (state.full && state.entries.empty())
    commit_batch(self);
  commit_all(self);
}

void prune(journal_pointer self) {
  auto& state = self->state;
  state.ticking = false;
  const auto& config = state.config;
  config.step(journal_step::begin);
  auto more =
      state.store->prune(config.retention, config.now_ms(), config.step);
  if (!more && more.error().code != ec::disk_full)
    return fail(self, more.error());
  if (more)
    config.step(journal_step::committed);
  schedule_tick(self, more && *more ? std::chrono::milliseconds{prune_interval}
                                    : prune_pause);
}

/// Lets `read` ask the store.
template <class F>
auto look_up(journal_pointer self, F read)
    -> caf::result<std::decay_t<decltype(*read(*self->state.store))>> {
  if (!self->state.store)
    return to_caf(no_reign());
  auto found = read(*self->state.store);
  if (found)
    return std::move(*found);
  if (found.error().code == ec::journal_failed)
    fail(self, found.error());
  return to_caf(found.error());
}

} // namespace

using remembered_ptr = std::shared_ptr<const remembered_job>;

journal_actor::behavior_type journal(journal_pointer self,
                                     journal_config config) {
  self->state.config = std::move(config);
  return {
      [=](atom::load) { return load(self); },
      [=](atom::submit, submitted_job& job) { return submit(self, job); },
      [=](atom::append, journal_change& change) {
        return append(self, change);
      },
      [=](atom::get, const job_id& id) {
        return look_up(self, [&](auto& store) { return store.report(id); });
      },
      [=](atom::list, const job_query& query) {
        return look_up(self, [&](auto& store) { return store.ended(query); });
      },
      [=](atom::logs, const job_id& id) {
        return look_up(self, [&](auto& store) { return store.logs(id); });
      },
      [=](atom::retry, const job_id& id) {
        return look_up(self, [&](auto& store) -> outcome<remembered_ptr> {
          auto found = store.remembered(id);
          if (!found)
            return std::move(found.error());
          return std::make_shared<const remembered_job>(std::move(*found));
        });
      },
      [=](atom::commit) { commit(self); },
      [=](atom::tick) { prune(self); },
  };
}

} // namespace troupe
