#define CAF_SUITE encoder

#include "actors/encoder.hpp"

#include <csignal>
#include <filesystem>
#include <fstream>

#include "tests/actors/fixture.hpp"
#include "tests/actors/samples.hpp"

using namespace troupe;
using namespace troupe::test;
using namespace std::chrono_literals;

namespace {

using names = std::set<std::string>;

struct fixture : actor_fixture {
  told_worker told;
  worker_actor parent = track(sys.spawn(worker_stub, &told));
  encoder_actor aut =
      track(sys.spawn(encoder, parent, encoder_config{sessions.starter(), {}}));
  std::string input = folder.write("in.mp4", "media");

  fixture() { sched.run(); }

  task_spec probe() {
    task_spec result;
    result.id = {make_job_id(1, 2, 3), 0, 1};
    result.kind = task_kind::probe;
    result.input = input;
    result.outputs = {folder / "out.mp4"};
    return result;
  }

  task_spec whole() {
    auto result = probe();
    result.id.task = 1;
    result.kind = task_kind::whole;
    result.plan = sample_plan();
    return result;
  }

  attempt_id given; ///< the last

  void give(const task_spec& task) {
    given = task.id;
    caf::anon_send(aut, atom::run_v, task);
    sched.run();
  }

  /// The session speaks.
  void say(session::event x) {
    sessions.last().say(std::move(x));
    sched.run();
  }

  void greet() { say(session::hello{}); }

  /// Up to where the session encodes.
  void begin_encode(const task_spec& task) {
    give(task);
    greet();
    say(session::inspected{sample_media()});
    CAF_REQUIRE(sessions.last().was_asked<session::encode_request>());
  }

  void die(session::exited how) {
    sessions.last().die(std::move(how));
    sched.run();
  }

  /// Up to where it asks for leave to publish, if it does.
  void encode() {
    test::finish_encode(sessions.last(), "h264");
    sched.run();
  }

  void grant(const publish_grant& answer) {
    caf::anon_send(aut, atom::grant_v, answer);
    sched.run();
  }

  /// All the rest that goes well.
  void finish() {
    encode();
    grant({given, true, {}});
  }

  void move_counters(session_progress counters, bool verifying = false) {
    say(session::progress{counters, verifying});
  }

  /// The task failed with this code, and nothing of it is left.
  void check_failed(ec code, const std::string& subject) {
    CAF_REQUIRE_EQUAL(told.failed.size(), 1u);
    CAF_CHECK_EQUAL(std::string{to_string(told.failed[0].code)},
                    std::string{to_string(code)});
    CAF_CHECK_EQUAL(told.failed[0].subject, subject);
    CAF_CHECK(!told.failed[0].cause.empty());
    CAF_CHECK(told.done.empty() || told.done[0].id.task == 0);
    CAF_CHECK_EQUAL(told.ended.size(), 1u);
    CAF_CHECK_EQUAL(sessions.alive(), 0u);
    CAF_CHECK(dead(aut));
    for (const auto& name : folder.names())
      CAF_CHECK(!name.ends_with(".partial"));
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(encoder_tests, fixture)

// -- what works ---------------------------------------------------------------

CAF_TEST(a probe tells what the input is and leaves the session warm) {
  give(probe());
  CAF_CHECK(sessions.last().was_asked<session::inspect_request>());
  CAF_CHECK_EQUAL(sessions.last().descriptors.size(), 1u);
  greet();
  say(session::inspected{sample_media()});
  CAF_REQUIRE_EQUAL(told.done.size(), 1u);
  CAF_CHECK_EQUAL(told.done[0].media.streams.size(), 1u);
  CAF_CHECK(told.done[0].id == probe().id);
  CAF_CHECK_EQUAL(sessions.alive(), 1u);
  CAF_CHECK(told.ended.empty());
  CAF_CHECK((folder.names() == names{"in.mp4"}));
}

CAF_TEST(the encode runs in the session of the probe and is published) {
  give(probe());
  greet();
  say(session::inspected{sample_media()});
  give(whole());
  CAF_CHECK_EQUAL(sessions.all.size(), 1u);
  CAF_REQUIRE(sessions.last().was_asked<session::encode_request>());
  finish();
  CAF_REQUIRE_EQUAL(told.done.size(), 2u);
  CAF_CHECK_EQUAL(told.done[1].report.outputs.size(), 1u);
  CAF_CHECK(told.failed.empty());
  CAF_REQUIRE_EQUAL(told.asked.size(), 1u);
  CAF_CHECK(told.asked[0] == whole().id);
  CAF_CHECK_EQUAL(folder.read("out.mp4"), "encoded");
  CAF_CHECK((folder.names() == names{"in.mp4", "out.mp4"}));
  CAF_CHECK_EQUAL(sessions.alive(), 0u);
  CAF_REQUIRE_EQUAL(told.ended.size(), 1u);
  CAF_CHECK(told.ended[0] == whole().id);
  CAF_CHECK(dead(aut));
}

CAF_TEST(an encode without a probe before it inspects first) {
  begin_encode(whole());
  CAF_CHECK((folder.names().size() == 2u));
  finish();
  CAF_CHECK_EQUAL(told.done.size(), 1u);
  CAF_CHECK_EQUAL(folder.read("out.mp4"), "encoded");
}

CAF_TEST(several outputs come from one session) {
  auto task = whole();
  task.plan = sample_plan(3);
  task.outputs = {folder / "a", folder / "b", folder / "c"};
  begin_encode(task);
  CAF_CHECK_EQUAL(sessions.last().descriptors.size(), 3u);
  finish();
  CAF_CHECK_EQUAL(told.done.size(), 1u);
  CAF_CHECK((folder.names() == names{"a", "b", "c", "in.mp4"}));
}

CAF_TEST(only encoders that need it are warmed) {
  auto task = probe();
  task.likely_encoders = {"libx264", "libx265"};
  give(task);
  CAF_CHECK_EQUAL(sessions.last().how.warm_encoders,
                  std::vector<std::string>{"libx265"});
}

CAF_TEST(an encoder that was not warmed gets a session of its own) {
  give(probe());
  greet();
  say(session::inspected{sample_media()});
  auto task = whole();
  task.plan = encoding_plan("libx265");
  task.likely_encoders = {"libx265"};
  give(task);
  CAF_CHECK_EQUAL(sessions.all.size(), 2u);
  CAF_CHECK(!sessions.all[0]->alive);
  CAF_CHECK_EQUAL(sessions.last().how.warm_encoders,
                  std::vector<std::string>{"libx265"});
  greet();
  say(session::inspected{sample_media()});
  test::finish_encode(sessions.last(), "hevc");
  sched.run();
  grant({given, true, {}});
  CAF_CHECK(told.failed.empty());
  CAF_CHECK_EQUAL(told.done.size(), 2u);
}

CAF_TEST(a warm session that dies is replaced) {
  give(probe());
  greet();
  say(session::inspected{sample_media()});
  die({0, SIGSEGV, ""});
  CAF_CHECK(told.failed.empty());
  begin_encode(whole());
  CAF_CHECK_EQUAL(sessions.all.size(), 2u);
  finish();
  CAF_CHECK_EQUAL(told.done.size(), 2u);
}

CAF_TEST(a warm session can wait for ever) {
  give(probe());
  greet();
  say(session::inspected{sample_media()});
  pass(600s);
  CAF_CHECK(told.failed.empty());
  CAF_CHECK_EQUAL(sessions.alive(), 1u);
}

CAF_TEST(progress is passed on at most four times a second) {
  begin_encode(whole());
  session_progress counters;
  for (int i = 0; i < 100; ++i) {
    ++counters.packets_read;
    counters.position_s = 0.01 * i;
    move_counters(counters);
    sched.advance_time(50ms);
    sched.run();
  }
  CAF_CHECK(told.progress.size() >= 19);
  CAF_CHECK(told.progress.size() <= 21);
  CAF_CHECK(told.progress.back().done > 0.4);
  CAF_CHECK(told.progress.back().id == whole().id);
  auto before = told.progress.size();
  move_counters(counters, true);
  CAF_CHECK_EQUAL(told.progress.size(), before + 1);
  CAF_CHECK(told.progress.back().verifying);
}

CAF_TEST(an existing output is replaced only once the new one is verified) {
  folder.write("out.mp4", "old");
  auto task = whole();
  task.replace = true;
  begin_encode(task);
  CAF_CHECK_EQUAL(folder.read("out.mp4"), "old");
  finish();
  CAF_CHECK_EQUAL(folder.read("out.mp4"), "encoded");
}

CAF_TEST(
    an output that an earlier attempt may have made is judged at the grant) {
  folder.write("out.mp4", "encoded");
  auto task = whole();
  task.in_doubt = true;
  begin_encode(task);
  encode();
  grant({given, true, {7}});
  CAF_CHECK_EQUAL(told.done.size(), 1u);
  CAF_CHECK_EQUAL(folder.read("out.mp4"), "encoded");
  CAF_CHECK((folder.names() == names{"in.mp4", "out.mp4"}));
}

CAF_TEST(a task of a cluster works beneath its roots) {
  auto roots = root_table::open({{"media", folder.path()}});
  CAF_REQUIRE(roots);
  auto confined = file_space{std::make_shared<root_table>(std::move(*roots))};
  aut = track(sys.spawn(encoder, parent,
                        encoder_config{sessions.starter(), {}, confined}));
  auto task = whole();
  task.outputs = {"media:/out.mp4"};
  give(task);
  // A path of this machine is none of a cluster.
  CAF_REQUIRE_EQUAL(told.failed.size(), 1u);
  CAF_CHECK(told.failed[0].code == ec::outside_roots);

  aut = track(sys.spawn(encoder, parent,
                        encoder_config{sessions.starter(), {}, confined}));
  task.input = "media:/in.mp4";
  begin_encode(task);
  finish();
  CAF_CHECK_EQUAL(told.done.size(), 1u);
  CAF_CHECK_EQUAL(folder.read("out.mp4"), "encoded");
}

// -- what fails, one test for each code ---------------------------------------

CAF_TEST(a missing input) {
  input = folder / "missing";
  give(probe());
  check_failed(ec::no_input, folder / "missing");
  CAF_CHECK(sessions.all.empty());
}

CAF_TEST(a folder as input) {
  input = folder.path();
  give(probe());
  check_failed(ec::no_input, folder.path());
}

CAF_TEST(an input that the session cannot read) {
  give(probe());
  greet();
  say(session::refused{{ec::bad_input, "", "no media in it", ""}});
  check_failed(ec::bad_input, input);
  CAF_CHECK_EQUAL(told.failed[0].cause, "no media in it");
}

CAF_TEST(an output that is the input is refused before a session starts) {
  auto task = probe();
  task.outputs = {input};
  task.replace = true;
  give(task);
  check_failed(ec::impossible_job, input);
  CAF_CHECK(sessions.all.empty());
  CAF_CHECK_EQUAL(folder.read("in.mp4"), "media");
}

CAF_TEST(an existing output is refused before a session starts) {
  folder.write("out.mp4", "old");
  give(probe());
  check_failed(ec::output_exists, folder / "out.mp4");
  CAF_CHECK(sessions.all.empty());
}

CAF_TEST(an output that appears while the job runs is not overwritten) {
  begin_encode(whole());
  folder.write("out.mp4", "theirs");
  finish();
  check_failed(ec::output_exists, folder / "out.mp4");
  CAF_CHECK_EQUAL(folder.read("out.mp4"), "theirs");
}

CAF_TEST(an output in a folder that is not there) {
  auto task = probe();
  task.outputs = {folder / "missing/out.mp4"};
  give(task);
  check_failed(ec::cannot_create, folder / "missing/out.mp4");
}

CAF_TEST(an encoder that refuses to open) {
  begin_encode(whole());
  say(session::refused{{ec::encoder_unavailable, "libx264", "no", ""}});
  check_failed(ec::encoder_unavailable, input + ", libx264");
}

CAF_TEST(a session that crashes) {
  begin_encode(whole());
  die({0, SIGSEGV, "last words"});
  check_failed(ec::session_crashed, input);
  CAF_CHECK(told.failed[0].cause.find("SIGSEGV") != std::string::npos);
  CAF_CHECK(told.failed[0].cause.find("last words") != std::string::npos);
}

CAF_TEST(a session that dies before it said anything) {
  give(probe());
  die({1, 0, ""});
  check_failed(ec::session_crashed, input);
}

CAF_TEST(a session that says more than it was asked for) {
  give(probe());
  for (int i = 0; i < 20; ++i)
    sessions.last().say(session::libraries{});
  sched.run();
  check_failed(ec::session_crashed, input);
}

CAF_TEST(a session whose counters stand for the stall timeout) {
  begin_encode(whole());
  session_progress counters;
  counters.packets_read = 5;
  move_counters(counters);
  pass(59s);
  CAF_CHECK(told.failed.empty());
  move_counters(counters);
  pass(2s);
  check_failed(ec::stalled, input);
  CAF_CHECK(told.failed[0].cause.find("60 s") != std::string::npos);
}

CAF_TEST(no stall as long as any counter moves) {
  begin_encode(whole());
  session_progress counters;
  for (int i = 0; i < 10; ++i) {
    ++counters.frames_decoded;
    move_counters(counters);
    pass(50s);
  }
  counters.bytes_checked = 1;
  move_counters(counters, true);
  pass(50s);
  ++counters.bytes_checked;
  move_counters(counters, true);
  pass(50s);
  CAF_CHECK(told.failed.empty());
  CAF_CHECK_EQUAL(sessions.alive(), 1u);
}

CAF_TEST(a session that stalls while it looks at the input) {
  give(probe());
  greet();
  pass(61s);
  check_failed(ec::stalled, input);
}

CAF_TEST(a session that never greets) {
  give(probe());
  pass(29s);
  CAF_CHECK(told.failed.empty());
  pass(2s);
  check_failed(ec::stalled, input);
  CAF_CHECK(told.failed[0].cause.find("said nothing") != std::string::npos);
}

CAF_TEST(a session that needs too much memory) {
  begin_encode(whole());
  die({70, 0, "out of memory"});
  check_failed(ec::memory_limit, input);
}

CAF_TEST(a disk that is full) {
  begin_encode(whole());
  say(session::refused{{ec::disk_full, "", "no space left", "free some"}});
  check_failed(ec::disk_full, folder / "out.mp4");
}

CAF_TEST(an output past the limit of one file) {
  begin_encode(whole());
  die({0, SIGXFSZ, ""});
  check_failed(ec::disk_full, folder / "out.mp4");
}

CAF_TEST(a result that does not match its source) {
  begin_encode(whole());
  auto report = good_report(sample_plan(), "h264", 0);
  report.outputs[0].streams[0].frames = 25;
  say(session::encoded{report});
  check_failed(ec::verification_failed, folder / "out.mp4, result mp4");
}

CAF_TEST(a session that reports other sizes than its files have) {
  begin_encode(whole());
  say(session::encoded{good_report(sample_plan(), "h264", 1000)});
  check_failed(ec::verification_failed, folder / "out.mp4");
}

CAF_TEST(a session that reports on other outputs than there are) {
  begin_encode(whole());
  say(session::encoded{good_report(sample_plan(2), "h264", 0)});
  check_failed(ec::verification_failed, input);
}

CAF_TEST(a disk that cannot be read) {
  begin_encode(whole());
  say(session::refused{{ec::io_error, "", "read error", ""}});
  check_failed(ec::io_error, input);
}

CAF_TEST(a session of another version) {
  give(probe());
  say(session::hello{session::protocol_version + 1, {}});
  check_failed(ec::protocol_mismatch, "troupe-session");
}

CAF_TEST(an input that changes while it is read) {
  begin_encode(whole());
  std::ofstream{input, std::ios::app} << "more";
  finish();
  check_failed(ec::input_changed, input);
}

CAF_TEST(an input that changes is to blame for what the session says of it) {
  begin_encode(whole());
  std::ofstream{input, std::ios::app} << "more";
  say(session::refused{{ec::bad_input, "", "damaged", ""}});
  check_failed(ec::input_changed, input);
}

CAF_TEST(an input that is unlinked while it is read is read to its end) {
  begin_encode(whole());
  std::filesystem::remove(input);
  finish();
  CAF_CHECK_EQUAL(told.done.size(), 1u);
  CAF_CHECK((folder.names() == names{"out.mp4"}));
}

CAF_TEST(a session that cannot be started) {
  sessions.refusal = failure{ec::session_unavailable, "x", "not there", ""};
  give(probe());
  check_failed(ec::session_unavailable, "x");
}

CAF_TEST(leave to publish is waited for without limit) {
  begin_encode(whole());
  encode();
  CAF_CHECK_EQUAL(sessions.alive(), 0u);
  CAF_CHECK(told.ended.empty());
  pass(3600s);
  CAF_CHECK(told.failed.empty());
  CAF_CHECK_EQUAL(folder.names().size(), 2u);
  CAF_CHECK_EQUAL(told.asked.size(), 1u);
  grant({whole().id, true, {}});
  CAF_CHECK_EQUAL(told.done.size(), 1u);
  CAF_CHECK((folder.names() == names{"in.mp4", "out.mp4"}));
}

CAF_TEST(a grant for another attempt changes nothing) {
  begin_encode(whole());
  encode();
  auto other = whole().id;
  other.number = 9;
  grant({other, true, {}});
  grant({other, false, {}});
  CAF_CHECK(told.done.empty());
  CAF_CHECK(told.failed.empty());
}

CAF_TEST(a grant before the encode is done changes nothing) {
  begin_encode(whole());
  grant({whole().id, true, {}});
  CAF_CHECK(told.done.empty());
  CAF_CHECK_EQUAL(sessions.alive(), 1u);
}

CAF_TEST(a job that wants no result of this attempt) {
  begin_encode(whole());
  encode();
  grant({whole().id, false, {}});
  check_failed(ec::cancelled, folder / "out.mp4");
  CAF_CHECK((folder.names() == names{"in.mp4"}));
}

CAF_TEST(a task for an encoder that is at work) {
  give(probe());
  give(whole());
  CAF_REQUIRE_EQUAL(told.failed.size(), 1u);
  CAF_CHECK(told.failed[0].code == ec::internal);
  CAF_CHECK_EQUAL(sessions.alive(), 1u);
}

// -- cancelling ---------------------------------------------------------------

CAF_TEST(a cancel while the input is inspected) {
  give(probe());
  caf::anon_send(aut, atom::cancel_v, probe().id);
  sched.run();
  check_failed(ec::cancelled, input);
}

CAF_TEST(a cancel while the session encodes) {
  begin_encode(whole());
  caf::anon_send(aut, atom::cancel_v, whole().id);
  sched.run();
  check_failed(ec::cancelled, input);
  CAF_CHECK((folder.names() == names{"in.mp4"}));
}

CAF_TEST(a cancel while the job thinks about publishing) {
  begin_encode(whole());
  encode();
  caf::anon_send(aut, atom::cancel_v, whole().id);
  sched.run();
  check_failed(ec::cancelled, input);
  CAF_CHECK((folder.names() == names{"in.mp4"}));
}

CAF_TEST(a cancel of another attempt changes nothing) {
  begin_encode(whole());
  auto other = whole().id;
  other.number = 9;
  caf::anon_send(aut, atom::cancel_v, other);
  sched.run();
  finish();
  CAF_CHECK_EQUAL(told.done.size(), 1u);
}

CAF_TEST(the end of the worker ends everything) {
  begin_encode(whole());
  caf::anon_send_exit(parent, caf::exit_reason::kill);
  sched.run();
  CAF_CHECK(dead(aut));
  CAF_CHECK_EQUAL(sessions.alive(), 0u);
  CAF_CHECK((folder.names() == names{"in.mp4"}));
}

CAF_TEST(an exit leaves nothing behind) {
  begin_encode(whole());
  caf::anon_send_exit(aut, caf::exit_reason::user_shutdown);
  sched.run();
  CAF_CHECK_EQUAL(sessions.alive(), 0u);
  CAF_CHECK((folder.names() == names{"in.mp4"}));
}

CAF_TEST_FIXTURE_SCOPE_END()
