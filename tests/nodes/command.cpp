#define CAF_SUITE command

#include "nodes/command.hpp"

#include <fstream>

#include <caf/test/unit_test.hpp>

#include "nodes/job_ids.hpp"
#include "nodes/shell.hpp"
#include "nodes/submit_verb.hpp"
#include "tests/actors/temporary_folder.hpp"
#include "tests/nodes/fake_cluster.hpp"

using namespace troupe;
using namespace troupe::test;
using namespace std::chrono_literals;

// CAF's test macros bring a logger of that name along.
using document = troupe::json;

namespace {

using list = std::vector<std::string>;

struct fixture {
  fake_cluster cluster;
  local_roots roots;
  captured_output out;
  cluster_client client{
      cluster.system(), cluster.finder(), {10s, 10s, 10s}, {}};

  fixture() { cluster.start(); }

  int run(const std::string& verb, list words) {
    out = captured_output{};
    auto* entry = find_command(verb);
    CAF_REQUIRE(entry != nullptr);
    return run_command(*entry, std::move(words), {client, out, roots});
  }

  /// What the verb prints as JSON; its status must be 0.
  document printed(const std::string& verb, list words) {
    words.push_back("--json");
    CAF_CHECK_EQUAL(run(verb, std::move(words)), 0);
    return document::parse(out.text);
  }

  /// The code of the only complaint.
  ec complaint() {
    return out.complaints.size() == 1 ? out.complaints.front().code : ec::none;
  }

  job_report job(uint64_t number, job_state state) {
    job_report result;
    result.id = {0x01890a5dac967000, 0x8000000000000000 + number};
    result.spec.name = "job " + std::to_string(number);
    result.spec.input = "m:/a.mkv";
    result.spec.output = "m:/b.mp4";
    result.state = state;
    result.created_ms = 1'709'210'096'007;
    if (state == job_state::failed)
      result.error = {ec::bad_input, "m:/a.mkv", "damaged", ""};
    return result;
  }

  void fill() {
    cluster.put(job(1, job_state::completed));
    cluster.put(job(2, job_state::running));
    cluster.put(job(3, job_state::queued));
    cluster.put(job(4, job_state::failed));
  }
};

const std::string id2 = "01890a5d-ac96-7000-8000-000000000002";

} // namespace

CAF_TEST_FIXTURE_SCOPE(command_tests, fixture)

CAF_TEST(jobs lists those that have not ended) {
  fill();
  auto rows = printed("jobs", {});
  CAF_REQUIRE_EQUAL(rows.size(), 2u);
  CAF_CHECK_EQUAL(rows[0], document::parse(R"({
    "id": "01890a5d-ac96-7000-8000-000000000002", "name": "job 2",
    "state": "running", "progress": 0.0, "priority": 5, "eta_s": null,
    "nodes": [], "created": "2024-02-29T12:34:56.007Z", "finished": null,
    "error": null})"));
}

CAF_TEST(jobs lists others when asked to) {
  fill();
  auto names = [&](list words) {
    list result;
    for (const auto& row : printed("jobs", std::move(words)))
      result.push_back(row["name"]);
    return result;
  };
  CAF_CHECK_EQUAL(names({"--all"}), (list{"job 2", "job 3", "job 1", "job 4"}));
  CAF_CHECK_EQUAL(names({"--state", "failed"}), list{"job 4"});
  CAF_CHECK_EQUAL(names({"--state", "queued"}), list{"job 3"});
  CAF_CHECK_EQUAL(names({"--all", "--limit", "3"}),
                  (list{"job 2", "job 3", "job 1"}));
  CAF_CHECK_EQUAL(out.lines, list{"there are more; --limit shows them"});
}

CAF_TEST(jobs beyond a page are listed) {
  for (uint64_t i = 1; i <= 2500; ++i)
    cluster.put(job(i, job_state::queued));
  CAF_CHECK_EQUAL(printed("jobs", {"--limit", "2500"}).size(), 2500u);
  CAF_CHECK_EQUAL(printed("jobs", {}).size(), 1000u);
}

CAF_TEST(what jobs does not understand is refused) {
  CAF_CHECK_EQUAL(run("jobs", {"--state", "tired"}), 64);
  CAF_CHECK_EQUAL(run("jobs", {"--limit", "0"}), 64);
  CAF_CHECK_EQUAL(run("jobs", {"--no-such"}), 64);
  CAF_CHECK(complaint() == ec::usage);
  CAF_CHECK_EQUAL(run("jobs", {"--no-such", "--json"}), 64);
  CAF_CHECK(document::parse(out.text)["error"]["code"] == "usage");
}

CAF_TEST(job shows a job by a part of its id) {
  fill();
  CAF_CHECK(printed("job", {"0002"})["id"] == id2);
  CAF_CHECK(printed("job", {id2})["name"] == "job 2");
  auto both = printed("job", {"0002", "0003", id2});
  CAF_REQUIRE_EQUAL(both.size(), 2u);
  CAF_CHECK_EQUAL(both[1]["name"], "job 3");
}

CAF_TEST(an id that fits several jobs or none is refused) {
  fill();
  CAF_CHECK_EQUAL(run("job", {"01890a5d"}), exit_status(ec::conflict));
  CAF_CHECK(complaint() == ec::conflict);
  CAF_CHECK_EQUAL(run("job", {"ffff"}), exit_status(ec::not_found));
  CAF_CHECK_EQUAL(run("job", {"film"}), exit_status(ec::usage));
  CAF_CHECK_EQUAL(run("job", {}), 64);
}

CAF_TEST(a job reads well) {
  auto x = job(2, job_state::queued);
  x.waiting = "no node has root m";
  x.spec.name = "evil \x1b[2J";
  x.tasks = {{0, task_kind::probe, task_state::done, "alpha", 1, 1, 0}};
  cluster.put(x);
  CAF_CHECK_EQUAL(run("job", {"0002"}), 0);
  CAF_CHECK_EQUAL(out.text,
                  "id        01890a5d-ac96-7000-8000-000000000002\n"
                  "name      evil \\x1b[2J\n"
                  "state     queued\n"
                  "priority  5\n"
                  "input     m:/a.mkv\n"
                  "output    m:/b.mp4\n"
                  "created   2024-02-29T12:34:56.007Z\n"
                  "waits     no node has root m\n"
                  "\n"
                  "task  kind   state  node   attempt  progress  fps\n"
                  "0     probe  done   alpha  1        100.0%\n");
}

CAF_TEST(orders are given to every job whatever becomes of one) {
  fill();
  auto missing = to_string(job(9, job_state::queued).id);
  CAF_CHECK_EQUAL(run("cancel", {missing, "0002", "--json"}),
                  exit_status(ec::not_found));
  CAF_CHECK_EQUAL(document::parse(out.text),
                  document::parse(R"([{"id": ")" + missing
                                  + R"(", "done": false, "error":
      {"code": "not_found", "message": ")"
                                  + missing + R"(: no such job"}},
      {"id": ")" + id2 + R"(", "done": true, "error": null}])"));
  CAF_CHECK_EQUAL(out.lines, list{id2 + ": cancelled"});
}

CAF_TEST(a job that still works is not called paused) {
  cluster.put(job(1, job_state::paused));
  cluster.put(job(2, job_state::running));
  CAF_CHECK_EQUAL(run("pause", {"0001", "0002"}), 0);
  auto id1 = to_string(job(1, job_state::paused).id);
  CAF_CHECK_EQUAL(out.lines,
                  (list{id1 + ": paused",
                        id2 + ": pauses once its running tasks are done"}));
}

CAF_TEST(migrate names its node) {
  fill();
  CAF_CHECK_EQUAL(run("migrate", {"0002"}), 64);
  CAF_CHECK_EQUAL(run("migrate", {"0002", "--to", "beta"}), 0);
  CAF_CHECK(cluster.heard().back() == "migrate beta " + id2);
}

CAF_TEST(nodes shows the members) {
  member node;
  node.card.key = {"alpha", 0xfedcba9876543210};
  node.card.roles.coordinator = true;
  node.card.address = "127.0.0.1:7400";
  node.card.version = "0.1.0";
  node.card.slots = 2;
  node.card.load.cpu = 0.25;
  node.card.load.memory_free_bytes = 1000;
  node.card.load.roots = {{"m", true, 500}};
  node.state = member_state::up;
  node.running = 1;
  node.quarantined = true;
  node.reason = "3 tasks failed in a row";
  cluster.with([&](fake_facts& x) { x.nodes = {node}; });
  CAF_CHECK_EQUAL(printed("nodes", {}), document::parse(R"([{
    "name": "alpha", "incarnation": "fedcba9876543210", "state": "up",
    "roles": ["coordinator", "worker"], "address": "127.0.0.1:7400",
    "slots": 2, "running": 1,
    "load": {"cpu": 0.25, "memory_free_bytes": 1000}, "version": "0.1.0",
    "quarantined": true, "reason": "3 tasks failed in a row", "since": null,
    "roots": [{"name": "m", "writable": true, "free_bytes": 500}]}])"));
  CAF_CHECK_EQUAL(run("nodes", {}), 0);
  CAF_CHECK_EQUAL(
      out.text,
      "name   state  roles                address         slots  cpu  version  "
      "remark\n"
      "alpha  up     coordinator, worker  127.0.0.1:7400  1/2    25%  0.1.0    "
      "quarantined: 3 tasks failed in a row\n");
  CAF_CHECK_EQUAL(run("drain", {"alpha", "beta"}), exit_status(ec::not_found));
  CAF_CHECK_EQUAL(out.lines, list{"alpha: drains"});
  CAF_CHECK(printed("undrain", {"alpha"})
            == document::parse(
                R"([{"name": "alpha", "done": true, "error": null}])"));
}

CAF_TEST(caps are shown as probe shows them) {
  cluster.with([](fake_facts& x) { x.caps.hostname = "alpha"; });
  CAF_CHECK(printed("caps", {"alpha"})["hostname"] == "alpha");
}

CAF_TEST(logs are lines with their times) {
  fill();
  cluster.with([](fake_facts& x) {
    x.logs = {{{}, 1'709'210'096'007, "submitted"}, {{}, 0, "odd \x1b"}};
  });
  CAF_CHECK_EQUAL(run("logs", {"0001"}), 0);
  CAF_CHECK_EQUAL(out.text, "2024-02-29T12:34:56.007Z  submitted\n"
                            "1970-01-01T00:00:00.000Z  odd \\x1b\n");
  CAF_CHECK(printed("logs", {"0001"})[0]
            == document::parse(R"({"time": "2024-02-29T12:34:56.007Z",
                                      "text": "submitted"})"));
  // It ended, so following it ends, too.
  CAF_CHECK_EQUAL(run("logs", {"0001", "-f", "--json"}), 0);
}

CAF_TEST(submit hands in a job for every input) {
  CAF_CHECK_EQUAL(
      run("submit", {"m:/a.mkv", "m:/b.mkv", "-o", "m:/out/{stem}.mp4"}), 0);
  CAF_CHECK_EQUAL(cluster.heard(),
                  (list{"submit m:/a.mkv", "submit m:/b.mkv"}));
  auto outputs = cluster.with([](fake_facts& x) {
    list result;
    for (const auto& [id, job] : x.jobs)
      result.push_back(job.spec.output);
    return result;
  });
  CAF_CHECK_EQUAL(outputs, (list{"m:/out/a.mp4", "m:/out/b.mp4"}));
  CAF_CHECK_EQUAL(out.text, to_string(job_id{1, 1}) + '\n'
                                + to_string(job_id{1, 2}) + '\n');
}

CAF_TEST(submit prints the documents of its jobs) {
  auto one = printed("submit", {"m:/a.mkv", "-o", "m:/b.mp4", "--priority", "2",
                                "--segment", "off"});
  CAF_CHECK_EQUAL(one["id"], to_string(job_id{1, 1}));
  CAF_CHECK_EQUAL(one["state"], "queued");
  CAF_CHECK_EQUAL(one["operation"]["segment"], "off");
  auto two = printed("submit", {"m:/a.mkv", "m:/b.mkv", "-o", "m:/{name}.mp4"});
  CAF_CHECK_EQUAL(two.size(), 2u);
}

CAF_TEST(the same key is the same job) {
  list words{"m:/a.mkv", "-o", "m:/b.mp4", "--job-key", "k"};
  auto first = printed("submit", words);
  CAF_CHECK(printed("submit", words)["id"] == first["id"]);
}

CAF_TEST(submit refuses before anything is handed in) {
  auto refused = [&](list words) {
    auto status = run("submit", std::move(words));
    CAF_CHECK(cluster.heard().empty());
    return status;
  };
  CAF_CHECK_EQUAL(refused({}), 64);
  CAF_CHECK_EQUAL(refused({"m:/a"}), 64);
  CAF_CHECK_EQUAL(refused({"m:/a", "m:/b", "-o", "m:/c.mp4"}), 64);
  CAF_CHECK_EQUAL(
      refused({"m:/a", "m:/b", "-o", "m:/{stem}.mp4", "--job-key", "k"}), 64);
  CAF_CHECK_EQUAL(refused({"/srv/a", "-o", "m:/c.mp4"}),
                  exit_status(ec::outside_roots));
  CAF_CHECK_EQUAL(refused({"m:/a", "-o", "/srv/c.mp4"}),
                  exit_status(ec::outside_roots));
  CAF_CHECK_EQUAL(refused({"m:/a", "-o", "m:/c.mov", "--codec", "vp9"}),
                  exit_status(ec::impossible_job));
  CAF_CHECK_EQUAL(refused({"--job", "/no/such/file"}),
                  exit_status(ec::no_input));
  CAF_CHECK_EQUAL(refused({"m:/a", "--job", "x"}), 64);
}

CAF_TEST(a job file goes with no option of a job) {
  temporary_folder folder;
  auto file =
      folder.write("jobs.json", R"({"input": "m:/a", "output": "m:/b.mp4"})");
  for (const auto& option :
       {list{"-o", "m:/c.mp4"}, list{"--crf", "20"}, list{"--replace"},
        list{"--preset", "web"}, list{"--rendition", "720p"},
        list{"--priority", "1"}, list{"--audio-codec", "opus"},
        list{"--job-key", "k"}}) {
    list words{"--job", file};
    words.insert(words.end(), option.begin(), option.end());
    CAF_CHECK_EQUAL(run("submit", std::move(words)), 64);
    CAF_CHECK(complaint() == ec::usage);
  }
  CAF_CHECK(cluster.heard().empty());
  CAF_CHECK_EQUAL(run("submit", {"--job", file}), 0);
}

CAF_TEST(submit tells how far it came) {
  CAF_CHECK_EQUAL(
      run("submit", {"m:/a", "m:/refused", "m:/b", "-o", "m:/{stem}.mp4"}),
      exit_status(ec::impossible_job));
  CAF_CHECK_EQUAL(cluster.heard(), (list{"submit m:/a", "submit m:/refused"}));
  CAF_CHECK_EQUAL(out.lines, list{"handed in before that: 1 of 3"});
  CAF_CHECK_EQUAL(run("submit", {"m:/refused", "-o", "m:/c.mp4", "--json"}),
                  exit_status(ec::impossible_job));
  CAF_CHECK(document::parse(out.text)["error"]["code"] == "impossible_job");
}

CAF_TEST(a job file is handed in whole) {
  temporary_folder folder;
  roots["m"] = folder.path();
  auto file =
      folder.write("jobs.json", R"([{"input": ")" + folder / "a.mkv"
                                    + R"(", "output": "m:/b.mp4", "key": "1"},
                         {"input": "m:/c", "output": "m:/d.mp4"}])");
  CAF_CHECK_EQUAL(printed("submit", {"--job", file}).size(), 2u);
  CAF_CHECK(cluster.heard().front() == "submit m:/a.mkv");
}

CAF_TEST(waiting takes the exit status of the worst) {
  fill();
  cluster.with([&](fake_facts& x) {
    x.keys["good"] = job(1, job_state::completed).id;
    x.keys["bad"] = job(4, job_state::failed).id;
  });
  temporary_folder folder;
  auto file = folder.write(
      "jobs.json", R"([{"input": "m:/a", "output": "m:/b.mp4", "key": "bad"},
                       {"input": "m:/a", "output": "m:/c.mp4", "key": "good"}])");
  CAF_CHECK_EQUAL(run("submit", {"--job", file, "--wait", "--json"}), 65);
  auto jobs = document::parse(out.text);
  CAF_REQUIRE_EQUAL(jobs.size(), 2u);
  CAF_CHECK_EQUAL(jobs[0]["error"]["code"], "bad_input");
  CAF_CHECK_EQUAL(jobs[1]["state"], "completed");
}

CAF_TEST(watching ends with the job) {
  fill();
  CAF_CHECK_EQUAL(run("watch", {"0001"}), 0);
  CAF_CHECK_EQUAL(run("watch", {"0004"}), 65);
  CAF_CHECK(complaint() == ec::bad_input);
  CAF_CHECK_EQUAL(run("watch", {"0004", "--json"}), 65);
  CAF_CHECK(document::parse(out.text)["state"] == "failed");
}

CAF_TEST(an interrupt ends the watching and not the job) {
  fill();
  std::thread other{[&] {
    // It has asked how the job stands, and waits.
    auto asked = [&] {
      auto heard = cluster.heard();
      return !heard.empty() && heard.back().starts_with("get");
    };
    while (!asked())
      std::this_thread::yield();
    client.interrupt();
  }};
  CAF_CHECK_EQUAL(run("watch", {id2}), 130);
  other.join();
  CAF_REQUIRE(!out.lines.empty());
  CAF_CHECK_EQUAL(out.lines.back(), "stopped watching; the job goes on, and "
                                    "cancel "
                                        + id2 + " ends it");
  for (const auto& x : cluster.heard())
    CAF_CHECK(!x.starts_with("cancel"));
}

CAF_TEST(top shows the cluster once where there is no terminal) {
  fill();
  auto view = printed("top", {});
  CAF_CHECK_EQUAL(view["nodes"].size(), 0u);
  CAF_CHECK_EQUAL(view["jobs"].size(), 2u);
  CAF_CHECK_EQUAL(run("top", {}), 0);
  CAF_CHECK(out.text.starts_with("troupe  127.0.0.1:7400  0 nodes, 0 of 0 "
                                 "slots busy, 1 job at work, 1 waiting\n"));
}

CAF_TEST(data that nobody takes is an error) {
  out.broken = true;
  auto* entry = find_command("nodes");
  CAF_CHECK_EQUAL(run_command(*entry, {}, {client, out, roots}),
                  exit_status(ec::io_error));
}

CAF_TEST(every command has a help) {
  for (const auto& entry : commands()) {
    CAF_CHECK_EQUAL(run(entry.name, {"--help"}), 0);
    CAF_CHECK(out.text.starts_with(entry.summary));
  }
  CAF_CHECK(find_command("no-such") == nullptr);
}

CAF_TEST(a shell goes on and remembers the last failure) {
  shell lines{{client, out, roots}};
  lines.run("# a remark");
  lines.run("nodes");
  CAF_CHECK_EQUAL(lines.status(), 0);
  lines.run("no-such");
  CAF_CHECK(complaint() == ec::usage);
  lines.run("job ffff");
  lines.run("help submit");
  CAF_CHECK_EQUAL(lines.status(), exit_status(ec::not_found));
  lines.run("help no-such");
  lines.run("nodes 'open");
  CAF_CHECK_EQUAL(lines.status(), 64);
  CAF_CHECK(!lines.left());
  lines.run(" quit ");
  CAF_CHECK(lines.left());
}

CAF_TEST_FIXTURE_SCOPE_END()
