// One measurement of jobs from end to end, for bench/jobs:
//
//     troupe-bench-jobs FILE company JOBS IN_FLIGHT
//     troupe-bench-jobs FILE sqlite  JOBS PER_TRANSACTION
//
// `company` has the real COORDINATOR, JOBs, WORKERs and JOURNAL in one actor
// system; only the ENCODERs do nothing. A client keeps so many submits in
// flight, and the clock stops when the last job is completed in the journal,
// which is then counted there. `sqlite` writes rows of the same kinds by plain
// SQLite with the same durability: so many jobs go through their life together,
// a transaction for each of its steps. Prints seconds of wall time, of the
// JOURNAL's or SQLite's thread, and of the process.

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <random>
#include <string>
#include <vector>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/stateful_actor.hpp>

#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/spdlog.h>
#include <sqlite3.h>
#include <time.h>
#include <unistd.h>

#include "actors/coordinator.hpp"
#include "actors/journal.hpp"
#include "actors/sqlite_store.hpp"
#include "bench/noop_node.hpp"
#include "messages/types.hpp"

using namespace troupe;

namespace {

using seconds = std::chrono::duration<double>;

constexpr int nodes = 4;
constexpr uint32_t slots_per_node = 64;

[[noreturn]] void give_up(const std::string& why) {
  std::cerr << why << '\n';
  ::_exit(1);
}

seconds time_of(clockid_t clock) {
  timespec now{};
  ::clock_gettime(clock, &now);
  return seconds{static_cast<double>(now.tv_sec)
                 + static_cast<double>(now.tv_nsec) * 1e-9};
}

/// As `troupe submit` sends it.
job_request typical_request(uint64_t number) {
  job_request result;
  auto& spec = result.spec;
  spec.name = "episode " + std::to_string(number) + ".mkv";
  spec.input = "media:/series/season/" + spec.name;
  spec.output =
      "media:/done/series/season/episode " + std::to_string(number) + ".mp4";
  spec.what.preset = "web";
  result.key = "client/" + std::to_string(number);
  return result;
}

struct config : caf::actor_system_config {
  config() {
    register_types(*this);
    // As a node has it.
    set("scheduler.policy", caf::atom("sharing"));
    set("scheduler.max-threads", size_t{2});
  }
};

struct load {
  uint64_t jobs = 0;
  uint64_t in_flight = 0;
};

struct client_state {
  uint64_t submitted = 0;
  uint64_t accepted = 0;
};

using client_pointer = caf::stateful_actor<client_state>*;

/// Looks until no job is left. The coordinator lists a job until its end is in
/// the journal.
void await_the_last(client_pointer self, coordinator_actor aut,
                    caf::actor parent) {
  job_query open;
  open.limit = 1;
  self->request(aut, caf::infinite, atom::list_v, open)
      .then(
          [=](const std::vector<job_summary>& rows) {
            if (rows.empty())
              self->send(parent, atom::done_v);
            else
              self->delayed_send(self, std::chrono::milliseconds{2},
                                 atom::tick_v);
          },
          [](const caf::error& x) { give_up(to_string(from_caf(x))); });
}

void submit_next(client_pointer self, coordinator_actor aut, load what) {
  if (self->state.submitted == what.jobs)
    return;
  self->request(aut, caf::infinite, atom::submit_v,
                typical_request(self->state.submitted++))
      .then(
          [=](const job_id&) {
            if (++self->state.accepted == what.jobs)
              self->send(self, atom::tick_v);
            submit_next(self, aut, what);
          },
          [](const caf::error& x) { give_up(to_string(from_caf(x))); });
}

caf::behavior client(client_pointer self, coordinator_actor aut, load what,
                     caf::actor parent) {
  for (uint64_t i = 0; i < what.in_flight; ++i)
    submit_next(self, aut, what);
  return {[=](atom::tick) { await_the_last(self, aut, parent); }};
}

coordinator_config coordinator_settings(journal_actor journal) {
  coordinator_config result;
  result.journal = journal;
  result.wall_ms = unix_ms;
  result.random = [engine = std::mt19937_64{1}]() mutable { return engine(); };
  return result;
}

/// Fails unless so many jobs are completed in the file.
void check_completed(const std::string& path, uint64_t jobs) {
  sqlite3* database = nullptr;
  sqlite3_stmt* count = nullptr;
  if (sqlite3_open(path.c_str(), &database) != SQLITE_OK
      || sqlite3_prepare_v2(database,
                            "SELECT count(*) FROM record WHERE state = ?1", -1,
                            &count, nullptr)
             != SQLITE_OK)
    give_up(sqlite3_errmsg(database));
  sqlite3_bind_int(count, 1, static_cast<int>(job_state::completed));
  if (sqlite3_step(count) != SQLITE_ROW)
    give_up(sqlite3_errmsg(database));
  auto completed = static_cast<uint64_t>(sqlite3_column_int64(count, 0));
  sqlite3_finalize(count);
  sqlite3_close(database);
  if (completed != jobs)
    give_up(std::to_string(completed) + " jobs are completed instead of "
            + std::to_string(jobs));
}

void print(seconds wall, seconds thread, seconds process) {
  std::cout << wall.count() << ' ' << thread.count() << ' ' << process.count()
            << '\n';
}

void measure_company(const std::string& path, load what) {
  config settings;
  caf::actor_system system{settings};
  seconds thread{};
  journal_config journal_settings;
  journal_settings.open = open_sqlite(path);
  journal_settings.retention.max_jobs = what.jobs;
  journal_settings.step = [&thread](journal_step) {
    thread = time_of(CLOCK_THREAD_CPUTIME_ID);
  };
  auto written = system.spawn<caf::detached>(journal, journal_settings);
  auto aut = system.spawn(coordinator, coordinator_settings(written));
  caf::scoped_actor self{system};
  std::vector<join_request> company;
  for (int i = 0; i < nodes; ++i) {
    company.push_back(bench::spawn_noop_node(
        system, "node-" + std::to_string(i), slots_per_node));
    self->request(aut, caf::infinite, atom::join_v, company.back())
        .receive([](const welcome&) {},
                 [](const caf::error& x) { give_up(to_string(from_caf(x))); });
  }
  auto begin = std::chrono::steady_clock::now();
  auto thread_begin = thread;
  auto process_begin = time_of(CLOCK_PROCESS_CPUTIME_ID);
  system.spawn(client, aut, what, caf::actor_cast<caf::actor>(self));
  self->receive([](atom::done) {});
  print(std::chrono::steady_clock::now() - begin, thread - thread_begin,
        time_of(CLOCK_PROCESS_CPUTIME_ID) - process_begin);
  check_completed(path, what.jobs);
  std::cout.flush();
  ::_exit(0); // what was measured is over; nothing is to be kept
}

void execute(sqlite3* database, const char* sql) {
  if (sqlite3_exec(database, sql, nullptr, nullptr, nullptr) != SQLITE_OK)
    give_up(sqlite3_errmsg(database));
}

/// The rows of a job's life, in the steps that follow from one another: it is
/// submitted, read, planned, encoded, let publish, completed.
const std::vector<std::vector<const char*>> life{
    {"INSERT INTO job VALUES (?1, ?2)",
     "INSERT INTO record VALUES (?1, 1, '')"},
    {"UPDATE record SET state = 2 WHERE id = ?1",
     "INSERT INTO attempt VALUES (?1, 0, 'node-1', 0, 0)",
     "INSERT INTO log VALUES (?1, 1, 'probe goes to node-1, attempt 1')"},
    {"UPDATE attempt SET end = 1 WHERE job = ?1 AND task = 0",
     "INSERT INTO plan VALUES (?1, ?2)",
     "INSERT INTO log VALUES (?1, 2, 'probe is done on node-1')",
     "INSERT INTO log VALUES (?1, 3, 'planned')"},
    {"UPDATE record SET state = 3 WHERE id = ?1",
     "INSERT INTO attempt VALUES (?1, 1, 'node-1', 0, 0)",
     "INSERT INTO log VALUES (?1, 4, 'whole goes to node-1, attempt 1')"},
    {"UPDATE attempt SET granted = 1 WHERE job = ?1 AND task = 1",
     "INSERT INTO log VALUES (?1, 5, 'attempt 1 may publish')"},
    {"UPDATE record SET state = 6, result = ?2 WHERE id = ?1",
     "UPDATE attempt SET end = 1 WHERE job = ?1 AND task = 1",
     "INSERT INTO log VALUES (?1, 6, 'whole is done on node-1')",
     "INSERT INTO log VALUES (?1, 7, 'completed')",
     "DELETE FROM plan WHERE job = ?1"},
};

constexpr const char* tables =
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
    "CREATE TABLE job (id BLOB PRIMARY KEY, spec TEXT) WITHOUT ROWID;"
    "CREATE TABLE record (id BLOB PRIMARY KEY, state INTEGER, result TEXT)"
    " WITHOUT ROWID;"
    "CREATE TABLE plan (job BLOB PRIMARY KEY, plan BLOB) WITHOUT ROWID;"
    "CREATE TABLE attempt (job BLOB, task INTEGER, node TEXT, granted INTEGER,"
    " end INTEGER, PRIMARY KEY (job, task)) WITHOUT ROWID;"
    "CREATE TABLE log (job BLOB, number INTEGER, text TEXT,"
    " PRIMARY KEY (job, number)) WITHOUT ROWID";

void write_row(sqlite3* database, sqlite3_stmt* row, uint64_t number) {
  static const std::string text(250, 'x');
  auto id = make_job_id(1'700'000'000'000 + number / 6, number * 0x9e3779b9,
                        number * 0x9e3779b97f4a7c15);
  uint64_t bytes[] = {__builtin_bswap64(id.high), id.low};
  sqlite3_bind_blob(row, 1, bytes, sizeof(bytes), SQLITE_STATIC);
  if (sqlite3_bind_parameter_count(row) > 1)
    sqlite3_bind_text(row, 2, text.data(), static_cast<int>(text.size()),
                      SQLITE_STATIC);
  if (sqlite3_step(row) != SQLITE_DONE)
    give_up(sqlite3_errmsg(database));
  sqlite3_reset(row);
}

void measure_sqlite(const std::string& path, uint64_t jobs,
                    uint64_t per_transaction) {
  sqlite3* database = nullptr;
  if (sqlite3_open(path.c_str(), &database) != SQLITE_OK)
    give_up("sqlite3_open");
  execute(database, tables);
  std::vector<std::vector<sqlite3_stmt*>> steps;
  for (const auto& texts : life)
    for (auto& step = steps.emplace_back(); const char* text : texts)
      sqlite3_prepare_v2(database, text, -1, &step.emplace_back(), nullptr);
  auto begin = std::chrono::steady_clock::now();
  auto process_begin = time_of(CLOCK_PROCESS_CPUTIME_ID);
  for (uint64_t first = 0; first < jobs; first += per_transaction)
    for (const auto& step : steps) {
      execute(database, "BEGIN IMMEDIATE");
      for (auto i = first; i < std::min(jobs, first + per_transaction); ++i)
        for (auto* row : step)
          write_row(database, row, i);
      execute(database, "COMMIT");
    }
  auto process = time_of(CLOCK_PROCESS_CPUTIME_ID) - process_begin;
  print(std::chrono::steady_clock::now() - begin, process, process);
  for (const auto& step : steps)
    for (auto* row : step)
      sqlite3_finalize(row);
  sqlite3_close(database);
}

} // namespace

int main(int argc, char** argv) {
  if (argc != 5)
    give_up("troupe-bench-jobs FILE company|sqlite JOBS N");
  std::string mode = argv[2];
  auto jobs = std::strtoull(argv[3], nullptr, 10);
  auto number = std::strtoull(argv[4], nullptr, 10);
  if (jobs == 0 || number == 0)
    give_up("JOBS and N are numbers above zero");
  // As a node has it: a line per job that ended.
  spdlog::set_default_logger(
      spdlog::basic_logger_mt("bench", std::string{argv[1]} + ".log"));
  if (mode == "company")
    measure_company(argv[1], {jobs, number});
  else
    measure_sqlite(argv[1], jobs, number);
}
