#include "actors/journal.hpp"

#include <utility>

#include <spdlog/spdlog.h>

#include "actors/journal_committing.hpp"
#include "messages/types.hpp"

namespace troupe {

namespace {

using namespace journal_committing;
using shared_image = std::shared_ptr<const journal_image>;

/// What may wait while the disk is full.
constexpr size_t max_waiting_entries = 65'536;
constexpr size_t max_waiting_bytes = size_t{64} << 20;

// Ended jobs are forgotten in short steps, with room between them.
constexpr std::chrono::milliseconds prune_interval{50};
constexpr std::chrono::minutes prune_pause{1};

failure no_reign() {
  return {ec::conflict, "journal", "no reign has begun",
          "ask it to load before anything else"};
}

failure too_much() {
  return {ec::overloaded, "journal",
          "too many changes wait for room on the disk",
          "free space on the disk of the coordinator's data-dir"};
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
