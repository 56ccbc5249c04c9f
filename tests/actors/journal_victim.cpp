// A process that is ended in the midst of the JOURNAL's work, as a crash would:
//
//     troupe-journal-victim FILE STEP
//
// opens the journal, submits jobs, changes them and lets some be forgotten, and
// exits at the given step (see actors/journal_steps.hpp), or with 0 when it
// came to its end before. Each thing that the JOURNAL acknowledged is a line on
// standard output: "reign EPOCH", "job NUMBER", "change NUMBER". Jobs 2N-1 and
// 2N have the same key; change N says so at two places.

#include "tests/actors/journal_victim.hpp"

#include <cstdlib>
#include <iostream>
#include <string>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>

#include <unistd.h>

#include "actors/journal.hpp"
#include "actors/sqlite_store.hpp"
#include "messages/types.hpp"

using namespace troupe;
using namespace troupe::test;

namespace {

struct config : caf::actor_system_config {
  config() { register_types(*this); }
};

/// At once, as nothing may be lost with the process.
void say(const std::string& what, uint64_t number) {
  auto line = what + " " + std::to_string(number) + "\n";
  if (::write(STDOUT_FILENO, line.data(), line.size()) < 0)
    std::abort();
}

[[noreturn]] void give_up(const caf::error& error) {
  std::cerr << to_string(from_caf(error)) << '\n';
  ::_exit(1);
}

struct client_state {
  uint64_t next = 0;    ///< round
  uint64_t waiting = 0; ///< requests of this round
};

using client_pointer = caf::stateful_actor<client_state>*;

void begin_round(client_pointer self, journal_actor journal);

void end_request(client_pointer self, const journal_actor& journal) {
  if (--self->state.waiting == 0)
    begin_round(self, journal);
}

void submit(client_pointer self, journal_actor journal, uint64_t number) {
  ++self->state.waiting;
  self->request(journal, caf::infinite, atom::submit_v, victim_job(number))
      .then(
          [=](const job_id& id) {
            say("job", id.high);
            end_request(self, journal);
          },
          give_up);
}

void append(client_pointer self, journal_actor journal, uint64_t number) {
  ++self->state.waiting;
  self->request(journal, caf::infinite, atom::append_v, victim_change(number))
      .then(
          [=](bool) {
            say("change", number);
            end_request(self, journal);
          },
          give_up);
}

/// Round N submits two pairs of jobs and changes those of the round before.
void begin_round(client_pointer self, journal_actor journal) {
  auto round = self->state.next++;
  if (round == victim_rounds)
    ::_exit(0);
  auto first = round * victim_jobs_per_round + 1;
  for (uint64_t i = 0; i < victim_jobs_per_round; ++i)
    submit(self, journal, first + i);
  if (round > 0)
    for (uint64_t i = 0; i < victim_jobs_per_round; ++i)
      append(self, journal, first - victim_jobs_per_round + i);
}

void client(client_pointer self, const journal_actor& journal) {
  self->request(journal, caf::infinite, atom::load_v)
      .then(
          [=](const std::shared_ptr<const journal_image>& image) {
            say("reign", image->epoch);
            begin_round(self, journal);
          },
          give_up);
}

} // namespace

int main(int argc, char** argv) {
  if (argc != 3)
    return 64;
  config settings;
  settings.set("scheduler.max-threads", 1);
  caf::actor_system system{settings};
  journal_config what;
  what.open = open_sqlite(argv[1]);
  what.step = exit_at_step(std::strtoull(argv[2], nullptr, 10));
  auto aut = system.spawn<caf::detached>(journal, std::move(what));
  system.spawn(client, aut);
  system.await_all_actors_done();
  return 1; // the client exits
}
