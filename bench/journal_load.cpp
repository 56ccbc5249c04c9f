// One measurement of durable submits, for bench/journal:
//
//     troupe-bench-journal FILE journal  JOBS IN_FLIGHT
//     troupe-bench-journal FILE changes  JOBS IN_FLIGHT
//     troupe-bench-journal FILE sqlite   JOBS PER_TRANSACTION
//
// `journal` submits jobs to a JOURNAL in a real actor system, so many at once;
// `changes` takes each job through its life too: five changes, each of which
// waits for the one before; `sqlite` inserts the same bytes by plain SQLite
// with the same durability. Prints seconds of wall time, of the JOURNAL's or
// SQLite's thread, and of the process.

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <string>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/stateful_actor.hpp>

#include <sqlite3.h>
#include <time.h>
#include <unistd.h>

#include "actors/journal.hpp"
#include "actors/sqlite_store.hpp"
#include "messages/types.hpp"

using namespace troupe;

namespace {

using seconds = std::chrono::duration<double>;

[[noreturn]] void give_up(const std::string& why) {
  std::cerr << why << '\n';
  ::_exit(1);
}

seconds thread_time() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return seconds{static_cast<double>(now.tv_sec)
                 + static_cast<double>(now.tv_nsec) * 1e-9};
}

seconds process_time() {
  timespec now{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return seconds{static_cast<double>(now.tv_sec)
                 + static_cast<double>(now.tv_nsec) * 1e-9};
}

/// As `troupe submit` sends it.
submitted_job typical_job(uint64_t number) {
  submitted_job result;
  result.id = make_job_id(1'700'000'000'000 + number / 6, number * 0x9e3779b9,
                          number * 0x9e3779b97f4a7c15);
  auto& spec = result.request.spec;
  spec.name = "episode " + std::to_string(number) + ".mkv";
  spec.input = "media:/series/season/" + spec.name;
  spec.output = "media:/done/series/season/" + spec.name;
  spec.what.preset = "web";
  spec.what.codec = "h264";
  spec.what.has_crf = true;
  spec.what.crf = 23;
  result.request.key = "client/" + std::to_string(number);
  result.created_ms = 1'700'000'000'000;
  return result;
}

constexpr uint64_t changes_per_job = 5;

/// What a JOB writes down at the steps of its life.
journal_change typical_change(const job_id& id, uint64_t step) {
  journal_change result;
  job_record record;
  record.id = id;
  record.started_ms = 1'700'000'001'000;
  record.state =
      step + 1 == changes_per_job ? job_state::completed : job_state::running;
  if (record.state == job_state::completed) {
    record.finished_ms = 1'700'000'002'000;
    record.result = job_result{};
    record.result->outputs = {
        {"media:/done/a.mkv", 1'000'000, std::string(64, 'a'), 1920, 1080}};
  }
  attempt_record attempt;
  attempt.id = {id, static_cast<uint32_t>(step / 3), 1};
  attempt.node = "alpha";
  attempt.incarnation = 7;
  result.attempts = {attempt};
  if (step == 0 || step + 1 == changes_per_job)
    result.jobs = {record};
  if (step == 1) {
    encode_plan plan;
    plan.outputs.resize(1);
    plan.outputs[0].streams.resize(2);
    result.plans = {{id, plan}};
  }
  return result;
}

struct config : caf::actor_system_config {
  config() {
    register_types(*this);
    set("scheduler.policy", caf::atom("sharing"));
  }
};

struct load {
  uint64_t jobs = 0;
  uint64_t in_flight = 0;
  uint64_t changes = 0; ///< per job
};

struct client_state {
  uint64_t submitted = 0;
  uint64_t ended = 0;
};

using client_pointer = caf::stateful_actor<client_state>*;

void submit_next(client_pointer self, journal_actor journal, load what,
                 caf::actor parent);

void change(client_pointer self, journal_actor journal, load what,
            caf::actor parent, job_id id, uint64_t step) {
  if (step < what.changes) {
    self->request(journal, caf::infinite, atom::append_v,
                  typical_change(id, step))
        .then([=](bool) { change(self, journal, what, parent, id, step + 1); },
              [](const caf::error& x) { give_up(to_string(from_caf(x))); });
    return;
  }
  if (++self->state.ended == what.jobs)
    self->send(parent, atom::done_v);
  submit_next(self, journal, what, parent);
}

void submit_next(client_pointer self, journal_actor journal, load what,
                 caf::actor parent) {
  if (self->state.submitted == what.jobs)
    return;
  self->request(journal, caf::infinite, atom::submit_v,
                typical_job(self->state.submitted++))
      .then(
          [=](const job_id& id) { change(self, journal, what, parent, id, 0); },
          [](const caf::error& x) { give_up(to_string(from_caf(x))); });
}

void print(seconds wall, seconds thread, seconds process) {
  std::cout << wall.count() << ' ' << thread.count() << ' ' << process.count()
            << '\n';
}

void measure_journal(const std::string& path, load what) {
  config settings;
  caf::actor_system system{settings};
  seconds thread{};
  journal_config journal_settings;
  journal_settings.open = open_sqlite(path);
  journal_settings.step = [&thread](journal_step) { thread = thread_time(); };
  auto aut = system.spawn<caf::detached>(journal, journal_settings);
  caf::scoped_actor self{system};
  self->request(aut, caf::infinite, atom::load_v)
      .receive([](const std::shared_ptr<const journal_image>&) {},
               [](const caf::error& x) { give_up(to_string(from_caf(x))); });
  auto parent = caf::actor_cast<caf::actor>(self);
  auto begin = std::chrono::steady_clock::now();
  auto thread_begin = thread;
  auto process_begin = process_time();
  system.spawn([=](client_pointer client) {
    for (uint64_t i = 0; i < what.in_flight; ++i)
      submit_next(client, aut, what, parent);
  });
  self->receive([](atom::done) {});
  print(std::chrono::steady_clock::now() - begin, thread - thread_begin,
        process_time() - process_begin);
  caf::anon_send_exit(aut, caf::exit_reason::user_shutdown);
}

void execute(sqlite3* database, const char* sql) {
  if (sqlite3_exec(database, sql, nullptr, nullptr, nullptr) != SQLITE_OK)
    give_up(sqlite3_errmsg(database));
}

void measure_sqlite(const std::string& path, uint64_t jobs,
                    uint64_t per_transaction) {
  sqlite3* database = nullptr;
  if (sqlite3_open(path.c_str(), &database) != SQLITE_OK)
    give_up("sqlite3_open");
  execute(database, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                    "CREATE TABLE job (id BLOB PRIMARY KEY, spec TEXT)"
                    " WITHOUT ROWID");
  sqlite3_stmt* insert = nullptr;
  sqlite3_prepare_v2(database, "INSERT INTO job VALUES (?1, ?2)", -1, &insert,
                     nullptr);
  auto begin = std::chrono::steady_clock::now();
  auto process_begin = process_time();
  for (uint64_t i = 0; i < jobs; ++i) {
    if (i % per_transaction == 0)
      execute(database, "BEGIN IMMEDIATE");
    auto job = typical_job(i);
    const auto& spec = job.request.spec;
    auto text = spec.name + spec.input + spec.output + job.request.key
                + std::string(100, ' ');
    uint64_t id[] = {__builtin_bswap64(job.id.high), job.id.low};
    sqlite3_bind_blob(insert, 1, id, sizeof(id), SQLITE_STATIC);
    sqlite3_bind_text(insert, 2, text.data(), static_cast<int>(text.size()),
                      SQLITE_STATIC);
    if (sqlite3_step(insert) != SQLITE_DONE)
      give_up(sqlite3_errmsg(database));
    sqlite3_reset(insert);
    if ((i + 1) % per_transaction == 0 || i + 1 == jobs)
      execute(database, "COMMIT");
  }
  auto process = process_time() - process_begin;
  print(std::chrono::steady_clock::now() - begin, process, process);
  sqlite3_finalize(insert);
  sqlite3_close(database);
}

} // namespace

int main(int argc, char** argv) {
  if (argc != 5)
    give_up("troupe-bench-journal FILE journal|changes|sqlite JOBS N");
  std::string mode = argv[2];
  auto jobs = std::strtoull(argv[3], nullptr, 10);
  auto number = std::strtoull(argv[4], nullptr, 10);
  if (jobs == 0 || number == 0)
    give_up("JOBS and N are numbers above zero");
  if (mode == "journal")
    measure_journal(argv[1], {jobs, number, 0});
  else if (mode == "changes")
    measure_journal(argv[1], {jobs, number, changes_per_job});
  else
    measure_sqlite(argv[1], jobs, number);
}
