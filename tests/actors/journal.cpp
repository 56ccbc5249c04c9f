#define CAF_SUITE journal

#include "actors/journal.hpp"

#include <csignal>
#include <functional>
#include <optional>

#include <caf/test/dsl.hpp>

#include <sys/resource.h>

#include "actors/sqlite_store.hpp"
#include "messages/types.hpp"
#include "tests/actors/journal_samples.hpp"
#include "tests/actors/temporary_folder.hpp"

using namespace troupe;
using namespace troupe::test;

namespace {

using image_ptr = std::shared_ptr<const journal_image>;
using remembered_ptr = std::shared_ptr<const remembered_job>;

/// No file grows beyond its size while this lives: a disk without room.
class no_room_left {
public:
  explicit no_room_left(uint64_t max_file_bytes) {
    std::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &before_);
    auto limited = before_;
    limited.rlim_cur = max_file_bytes;
    ::setrlimit(RLIMIT_FSIZE, &limited);
  }
  no_room_left(const no_room_left&) = delete;
  no_room_left& operator=(const no_room_left&) = delete;
  ~no_room_left() { ::setrlimit(RLIMIT_FSIZE, &before_); }

private:
  rlimit before_{};
};

struct system_config : caf::actor_system_config {
  system_config() { register_types(*this); }
};

struct fixture : test_coordinator_fixture<system_config> {
  temporary_folder folder;
  std::string path = folder / "journal.db";
  uint64_t now_ms = 0;
  std::vector<journal_step> steps;
  std::vector<caf::actor> spawned;
  journal_actor aut = start(config());

  ~fixture() {
    for (const auto& x : spawned)
      caf::anon_send_exit(x, caf::exit_reason::kill);
    sched.run();
  }

  journal_config config() {
    journal_config result;
    result.open = open_sqlite(path);
    result.step = [this](journal_step step) { steps.push_back(step); };
    result.now_ms = [this] { return now_ms; };
    return result;
  }

  journal_actor start(journal_config x) {
    auto result = sys.spawn(journal, std::move(x));
    spawned.push_back(caf::actor_cast<caf::actor>(result));
    return result;
  }

  /// Lets time go by in small steps.
  void pass(std::chrono::milliseconds time) {
    constexpr std::chrono::milliseconds step{50};
    for (; time.count() > 0; time -= step) {
      sched.advance_time(std::min(step, time));
      sched.run();
    }
  }

  /// What became of a request; neither while it waits.
  template <class T>
  struct answer {
    std::optional<T> value;
    ec code = ec::none;
    failure error;
    bool waits() const { return !value && code == ec::none; }
  };

  template <class T, class... Ts>
  std::shared_ptr<answer<T>> ask(const journal_actor& whom, Ts... xs) {
    auto result = std::make_shared<answer<T>>();
    auto asker = sys.spawn([=](caf::event_based_actor* requester) {
      requester->request(whom, caf::infinite, xs...)
          .then([=](T& value) { result->value = std::move(value); },
                [=](const caf::error& error) {
                  result->error = from_caf(error);
                  result->code = result->error.code;
                });
    });
    spawned.push_back(asker);
    return result;
  }

  auto load() {
    auto result = ask<image_ptr>(aut, atom::load_v);
    sched.run();
    return result;
  }

  auto submit(submitted_job job) {
    return ask<job_id>(aut, atom::submit_v, std::move(job));
  }

  auto append(journal_change change) {
    return ask<bool>(aut, atom::append_v, std::move(change));
  }

  static journal_change state_of(uint64_t job, job_state state) {
    journal_change result;
    result.jobs = {plain_record(job, state, 1)};
    return result;
  }

  static journal_change line(uint64_t job, std::string text) {
    journal_change result;
    result.log = {{numbered(job), 1, std::move(text)}};
    return result;
  }

  size_t lines(uint64_t job) {
    auto result = ask<std::vector<log_line>>(aut, atom::logs_v, numbered(job));
    sched.run();
    return result->value ? result->value->size() : 0;
  }

  bool ended(const journal_actor& x) {
    return caf::actor_cast<caf::abstract_actor*>(x)->getf(
        caf::abstract_actor::is_terminated_flag);
  }

  /// How many transactions were committed since `steps` was cleared.
  int64_t commits() {
    return std::count(steps.begin(), steps.end(), journal_step::committed);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(journal_tests, fixture)

CAF_TEST(a reign begins with what has not ended) {
  auto first = load();
  CAF_REQUIRE(first->value);
  CAF_CHECK_EQUAL((*first->value)->epoch, 1u);
  submit(full_job(1));
  sched.run();
  auto second = load();
  CAF_REQUIRE(second->value);
  CAF_CHECK_EQUAL((*second->value)->epoch, 2u);
  CAF_REQUIRE_EQUAL((*second->value)->jobs.size(), 1u);
  CAF_CHECK(same((*second->value)->jobs[0].job, full_job(1)));
}

CAF_TEST(nothing is answered before a reign has begun) {
  auto a = submit(plain_job(1));
  auto b = append(line(1, "x"));
  auto c = ask<job_report>(aut, atom::get_v, numbered(1));
  sched.run();
  CAF_CHECK(a->code == ec::conflict);
  CAF_CHECK(b->code == ec::conflict);
  CAF_CHECK(c->code == ec::conflict);
}

CAF_TEST(a file that can not be used is refused and ends the journal) {
  folder.write("bad.db", "no journal");
  auto bad = config();
  bad.open = open_sqlite(folder / "bad.db");
  aut = start(bad);
  auto image = load();
  CAF_CHECK(image->code == ec::journal_failed);
  CAF_CHECK_EQUAL(image->error.subject, folder / "bad.db");
  CAF_CHECK(ended(aut));
}

CAF_TEST(what comes in one moment shares one commit) {
  load();
  steps.clear();
  std::vector<decltype(submit(plain_job(1)))> submits;
  for (uint64_t i = 1; i <= 64; ++i)
    submits.push_back(submit(plain_job(i)));
  auto change = append(line(1, "x"));
  sched.run();
  for (uint64_t i = 1; i <= 64; ++i)
    CAF_CHECK(submits[i - 1]->value == numbered(i));
  CAF_CHECK(change->value == true);
  CAF_CHECK_EQUAL(commits(), 1);
  CAF_CHECK((steps
             == std::vector{journal_step::begin, journal_step::written,
                            journal_step::committed, journal_step::answered}));
}

CAF_TEST(a full batch is committed at once) {
  load();
  steps.clear();
  for (uint64_t i = 0; i < 4096 + 10; ++i)
    caf::anon_send(aut, atom::append_v, line(1, "x"));
  sched.run();
  CAF_CHECK_EQUAL(commits(), 2);
}

CAF_TEST(a batch of many bytes is committed at once) {
  load();
  steps.clear();
  for (int i = 0; i < 10; ++i)
    caf::anon_send(aut, atom::append_v, line(1, std::string(3 << 20, 'x')));
  sched.run();
  CAF_CHECK_EQUAL(commits(), 2);
}

CAF_TEST(a request whose key is known gets the id of the first) {
  load();
  auto first = submit(plain_job(1, "k"));
  auto second = submit(plain_job(2, "k"));
  sched.run();
  auto third = submit(plain_job(3, "k"));
  sched.run();
  CAF_CHECK(first->value == numbered(1));
  CAF_CHECK(second->value == numbered(1));
  CAF_CHECK(third->value == numbered(1));
}

CAF_TEST(what is written can be read) {
  load();
  journal_change change;
  change.jobs = {full_record(1, job_state::failed)};
  change.log = {{numbered(1), 5, "a line"}};
  submit(full_job(1));
  append(change);
  sched.run();
  auto report = ask<job_report>(aut, atom::get_v, numbered(1));
  auto rows =
      ask<std::vector<job_summary>>(aut, atom::list_v, job_query{true, {}, 10});
  auto again = ask<remembered_ptr>(aut, atom::retry_v, numbered(1));
  auto unknown = ask<job_report>(aut, atom::get_v, numbered(2));
  sched.run();
  CAF_CHECK(report->value && report->value->state == job_state::failed);
  CAF_CHECK(rows->value && rows->value->size() == 1);
  CAF_CHECK(again->value && same((*again->value)->job, full_job(1)));
  CAF_CHECK(unknown->code == ec::not_found);
  CAF_CHECK_EQUAL(lines(1), 1u);
  CAF_CHECK(!ended(aut));
}

CAF_TEST(a journal whose reign is over says so and ends) {
  load();
  auto other = sqlite_store::open(path);
  CAF_REQUIRE(other && (*other)->begin_reign(no_hook));
  auto job = submit(plain_job(1));
  auto change = append(line(1, "x"));
  sched.run();
  CAF_CHECK(job->code == ec::superseded);
  CAF_CHECK(change->code == ec::superseded);
  CAF_CHECK(ended(aut));
}

CAF_TEST(a journal whose reign is over does not begin another) {
  auto slow = config();
  slow.commit_delay = std::chrono::seconds{1};
  aut = start(slow);
  load();
  auto change = append(line(1, "x"));
  sched.run();
  auto other = sqlite_store::open(path);
  CAF_REQUIRE(other && (*other)->begin_reign(no_hook));
  CAF_CHECK(load()->code == ec::superseded);
  CAF_CHECK(change->code == ec::superseded);
  CAF_CHECK(ended(aut));
  std::vector<journal_entry> batch{plain_job(1)};
  CAF_CHECK(static_cast<bool>((*other)->commit(batch, no_hook)));
}

CAF_TEST(while the disk is full jobs are refused and changes wait) {
  load();
  submit(plain_job(1));
  sched.run();
  auto waiting = [&] {
    no_room_left full{64 << 10};
    auto big = append(line(1, std::string(100 << 10, 'x')));
    auto refused_with_it = submit(plain_job(2));
    sched.run();
    CAF_CHECK(big->waits());
    CAF_CHECK(refused_with_it->code == ec::disk_full);
    auto refused = submit(plain_job(3));
    auto second = append(state_of(1, job_state::failed));
    sched.run();
    CAF_CHECK(refused->code == ec::disk_full);
    pass(std::chrono::seconds{5});
    CAF_CHECK(big->waits() && second->waits());
    CAF_CHECK_EQUAL(lines(1), 0u);
    return std::pair{big, second};
  }();
  CAF_CHECK(submit(plain_job(4))->waits());
  pass(std::chrono::seconds{1});
  CAF_CHECK(waiting.first->value == true);
  CAF_CHECK(waiting.second->value == true);
  CAF_CHECK_EQUAL(lines(1), 1u);
  auto taken = submit(plain_job(5));
  sched.run();
  CAF_CHECK(taken->value == numbered(5));
  CAF_CHECK(!ended(aut));
}

CAF_TEST(a job that finds the disk full is told when there is room again) {
  load();
  {
    no_room_left full{1 << 10};
    auto refused = submit(plain_job(1));
    sched.run();
    CAF_CHECK(refused->code == ec::disk_full);
    pass(std::chrono::seconds{3});
    auto refused_at_once = submit(plain_job(2));
    steps.clear();
    sched.run();
    CAF_CHECK(refused_at_once->code == ec::disk_full);
    CAF_CHECK(steps.empty());
  }
  pass(std::chrono::seconds{1});
  auto taken = submit(plain_job(3));
  sched.run();
  CAF_CHECK(taken->value == numbered(3));
}

CAF_TEST(what waits for room is bounded) {
  load();
  submit(plain_job(1));
  sched.run();
  no_room_left full{1 << 10};
  auto first = append(line(1, "x"));
  sched.run();
  for (int i = 0; i < 65'535; ++i)
    caf::anon_send(aut, atom::append_v, line(1, "x"));
  auto refused = append(line(1, "x"));
  sched.run();
  CAF_CHECK(refused->code == ec::overloaded);
  CAF_CHECK(first->waits());
}

CAF_TEST(a reign waits for room and begins once there is some) {
  auto waiting = [&] {
    no_room_left full{1 << 10};
    auto reign = load();
    CAF_CHECK(reign->waits());
    CAF_CHECK(!ended(aut));
    return reign;
  }();
  pass(std::chrono::milliseconds{1500});
  CAF_CHECK(waiting->value.has_value());
}

CAF_TEST(changes of an earlier reign that had no room are superseded) {
  load();
  submit(plain_job(1));
  sched.run();
  auto waiting = [&] {
    no_room_left full{1 << 10};
    auto change = append(line(1, "x"));
    sched.run();
    return change;
  }();
  // There is room, but the next try is a second away: a reign begins first.
  auto image = load();
  CAF_CHECK(image->value.has_value());
  CAF_CHECK(waiting->value == true);
  decltype(load()) reign;
  auto superseded = [&] {
    no_room_left full{1 << 10};
    auto change = append(line(1, "x"));
    sched.run();
    reign = load();
    CAF_CHECK(reign->waits());
    return change;
  }();
  CAF_CHECK(superseded->code == ec::superseded);
  pass(std::chrono::milliseconds{1500});
  CAF_CHECK(reign->value.has_value());
}

CAF_TEST(a store that fails for good ends the journal and tells everybody) {
  load();
  auto other = sqlite_database::open(path);
  CAF_REQUIRE(other && other->execute("DROP TABLE log"));
  auto job = submit(plain_job(1));
  auto change = append(line(1, "x"));
  sched.run();
  CAF_CHECK(job->code == ec::journal_failed);
  CAF_CHECK(change->code == ec::journal_failed);
  CAF_CHECK(!change->error.cause.empty());
  CAF_CHECK(ended(aut));
}

CAF_TEST(a read that finds damage ends the journal) {
  load();
  submit(plain_job(1));
  sched.run();
  auto other = sqlite_database::open(path);
  CAF_REQUIRE(other && other->execute("UPDATE job SET spec = '{'"));
  auto report = ask<job_report>(aut, atom::get_v, numbered(1));
  sched.run();
  CAF_CHECK(report->code == ec::journal_failed);
  CAF_CHECK(ended(aut));
}

CAF_TEST(ended jobs beyond the limits go as time goes by) {
  auto limited = config();
  limited.retention = {10, std::chrono::hours{1}};
  aut = start(limited);
  load();
  constexpr uint64_t count = 1000;
  for (uint64_t i = 1; i <= count; ++i) {
    caf::anon_send(aut, atom::submit_v, plain_job(i));
    caf::anon_send(aut, atom::append_v, state_of(i, job_state::completed));
  }
  sched.run();
  auto rows = [&] {
    auto result = ask<std::vector<job_summary>>(aut, atom::list_v,
                                                job_query{true, {}, 1000});
    sched.run();
    CAF_REQUIRE(result->value);
    return result->value->size();
  };
  CAF_CHECK_EQUAL(rows(), count);
  pass(std::chrono::milliseconds{50});
  CAF_CHECK_EQUAL(rows(), count - 200);
  pass(std::chrono::seconds{1});
  CAF_CHECK_EQUAL(rows(), 10u);
  now_ms = 2 * 3'600'000;
  pass(std::chrono::minutes{2});
  CAF_CHECK_EQUAL(rows(), 0u);
}

CAF_TEST(a delay models a slow disk) {
  auto slow = config();
  slow.commit_delay = std::chrono::milliseconds{300};
  aut = start(slow);
  load();
  auto job = submit(plain_job(1));
  sched.run();
  pass(std::chrono::milliseconds{250});
  CAF_CHECK(job->waits());
  pass(std::chrono::milliseconds{50});
  CAF_CHECK(job->value == numbered(1));
}

CAF_TEST_FIXTURE_SCOPE_END()
