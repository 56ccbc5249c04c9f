#define CAF_SUITE node_file

#include "config/node_file.hpp"

#include <filesystem>

#include <caf/test/unit_test.hpp>

#include "tests/actors/temporary_folder.hpp"

using namespace troupe;

namespace {

struct fixture {
  test::temporary_folder folder;

  node_reading read(const std::string& text,
                    const std::vector<std::string>& overrides = {},
                    config_checks checks = config_checks::text) {
    return read_node_file(folder.write("n.toml", text), overrides, checks);
  }

  /// The mistakes, a line each, without the folder's name.
  std::string mistakes(const node_reading& reading) {
    std::string result;
    for (const auto& x : reading.mistakes) {
      CAF_CHECK(x.code == ec::bad_config);
      auto line = to_string(x);
      for (auto at = line.find(folder.path()); at != std::string::npos;
           at = line.find(folder.path()))
        line.erase(at, folder.path().size() + 1);
      result += line + '\n';
    }
    return result;
  }

  std::string wrong(const std::string& text,
                    const std::vector<std::string>& overrides = {}) {
    return mistakes(read(text, overrides));
  }

  /// What is wrong about one key of a coordinator's section.
  std::string wrong_value(const std::string& section, const std::string& line) {
    auto node = "[node]\nname = \"a\"\nroles = [\"coordinator\"]\n"
                "data-dir = \"d\"\n";
    return wrong(section == "node" ? node + line
                                   : node + ('[' + section + "]\n") + line);
  }
};

/// What every coordinator must say.
constexpr auto least = "[node]\nname = \"a\"\nroles = [\"coordinator\"]\n"
                       "data-dir = \"d\"\n";

} // namespace

CAF_TEST_FIXTURE_SCOPE(node_file_tests, fixture)

CAF_TEST(a whole file is read) {
  auto reading = read(R"(
[node]
name = "alpha"
roles = ["coordinator", "worker"]
bind = "10.0.0.5"
port = 7500
advertise = "alpha.example.org"
seeds = ["beta:7401", "[::1]"]
data-dir = "/var/lib/troupe"
slots = 3
threads = 4
probe = "quick"
drain-timeout = "2m"

[roots]
media = "media/"
"shows.old" = "/srv/old"

[tls]
certificate = "tls/a.pem"
key = "tls/a.key"
ca = "/etc/ca.pem"

[limits]
max-file-size = "20GB"
memory = "2GiB"
nice = 5
io-priority = "idle"
cpu-percent = 50
job-timeout = "2h"
stall-timeout = "90s"

[journal]
keep-jobs = 500
keep-days = 7

[caf]
scheduler.policy = "stealing"
)");
  CAF_CHECK_EQUAL(mistakes(reading), "");
  node_settings wanted;
  wanted.name = "alpha";
  wanted.roles = {true, true, false};
  wanted.bind = "10.0.0.5";
  wanted.port = 7500;
  wanted.advertise = endpoint{"alpha.example.org", 7500};
  wanted.seeds = {{"beta", 7401}, {"::1", 7400}};
  wanted.data_dir = "/var/lib/troupe";
  wanted.slots = 3;
  wanted.threads = 4;
  wanted.probe = probe_extent::quick;
  wanted.drain_timeout_s = 120;
  wanted.roots = {{"media", folder / "media"}, {"shows.old", "/srv/old"}};
  wanted.tls =
      tls_settings{folder / "tls/a.pem", folder / "tls/a.key", "/etc/ca.pem"};
  wanted.session.max_file_bytes = 20'000'000'000;
  wanted.session.memory_bytes = uint64_t{2} << 30;
  wanted.session.nice = 5;
  wanted.session.io = io_priority::idle;
  wanted.cpu_percent = 50;
  wanted.job_timeout_s = 7200;
  wanted.stall_timeout_s = 90;
  wanted.journal = {500, 7};
  wanted.caf = {{"scheduler.policy", "'stealing'"}};
  CAF_CHECK(reading.settings == wanted);
  CAF_CHECK_EQUAL(to_string(address_of(wanted)), "alpha.example.org:7500");
}

CAF_TEST(what is not said has its default) {
  auto reading = read(least);
  CAF_CHECK_EQUAL(mistakes(reading), "");
  node_settings wanted;
  wanted.name = "a";
  wanted.roles = {true, false, false};
  wanted.data_dir = folder / "d";
  CAF_CHECK(reading.settings == wanted);
  CAF_CHECK_EQUAL(to_string(address_of(wanted)), "127.0.0.1:7400");
}

CAF_TEST(the example that has every key says the defaults) {
  auto reading = read_node_file(TROUPE_EXAMPLES "/one-machine.toml", {},
                                config_checks::text);
  CAF_CHECK_EQUAL(mistakes(reading), "");
  node_settings wanted;
  wanted.name = "alpha";
  wanted.roles = {true, true, false};
  wanted.data_dir = "/var/lib/troupe";
  wanted.roots = {{"media", "/srv/media"}};
  wanted.caf = {{"scheduler.policy", "'sharing'"}};
  CAF_CHECK(reading.settings == wanted);
}

CAF_TEST(every mistake is told in the order of the lines) {
  CAF_CHECK_EQUAL(wrong("top = 1\n"
                        "[node]\n"
                        "name = 7\n"
                        "solts = 2\n"
                        "slots = \"two\"\n"
                        "nice = 1\n"
                        "[limit]\n"
                        "x = 1\n"
                        "[journal]\n"
                        "keep-days = 0\n"),
                  "n.toml:1: top: stands outside of all sections; allowed "
                  "are\n"
                  "n.toml:2: node.seeds: is missing; a node that is not the "
                  "coordinator needs HOST:PORT of one that knows the cluster\n"
                  "n.toml:3: node.name: found 7; allowed is 1 to 64 letters, "
                  "digits, '-', '_' and '.'\n"
                  "n.toml:4: node.solts: is an unknown key; did you mean "
                  "\"slots\"?\n"
                  "n.toml:5: node.slots: found \"two\"; allowed is a whole "
                  "number of 1 to 256\n"
                  "n.toml:6: node.nice: is an unknown key; it belongs into "
                  "[limits]\n"
                  "n.toml:7: [limit]: is an unknown section; did you mean "
                  "[limits]?\n"
                  "n.toml:10: journal.keep-days: found 0; allowed is a whole "
                  "number of 1 to 36500\n");
}

CAF_TEST(values out of range or of another type are refused) {
  for (auto line : {"slots = 0",
                    "slots = 257",
                    "slots = 1.5",
                    "slots = true",
                    "threads = -1",
                    "threads = 1025",
                    "port = 0",
                    "port = 65536",
                    "port = \"7400\"",
                    "bind = \"\"",
                    "bind = \"alpha\"",
                    "bind = \"10.0.0\"",
                    "bind = 127",
                    "advertise = \"0.0.0.0:1\"",
                    "advertise = \"a b\"",
                    "seeds = \"a:1\"",
                    "seeds = [1]",
                    "seeds = [\"a:b\"]",
                    "probe = \"none\"",
                    "drain-timeout = \"-1s\"",
                    "drain-timeout = \"2 h\"",
                    "drain-timeout = \"25h\"",
                    "drain-timeout = []",
                    "slots = 1979-05-27",
                    "slots = {}",
                    "roots = \"x\""}) {
    CAF_MESSAGE("refused? " << line);
    auto text = wrong_value("node", line);
    CAF_CHECK(text.starts_with("n.toml:5: node."));
    CAF_CHECK_EQUAL(std::count(text.begin(), text.end(), '\n'), 1);
  }
  for (auto line :
       {"memory = \"63MiB\"", "memory = \"4gb\"", "memory = -1",
        "max-file-size = true", "nice = 20", "nice = -1",
        "io-priority = \"realtime\"", "cpu-percent = 0", "cpu-percent = 101",
        "job-timeout = \"x\"", "stall-timeout = \"0s\"", "max-pixels = 1"}) {
    CAF_MESSAGE("refused? " << line);
    CAF_CHECK(wrong_value("limits", line).starts_with("n.toml:6: limits."));
  }
  CAF_CHECK(wrong_value("roots", "\"a b\" = \"x\"").find("is no name")
            != std::string::npos);
  CAF_CHECK(wrong_value("roots", "media = 1").find("found 1; allowed is the")
            != std::string::npos);
  CAF_CHECK(
      wrong_value("roots", "media = \"a\\u0000b\"").starts_with("n.toml"));
  CAF_CHECK_EQUAL(wrong_value("limits", "job-timeout = 0\nmemory = 0"), "");
}

CAF_TEST(roles are those that exist) {
  CAF_CHECK_EQUAL(wrong("[node]\nname = \"a\"\nroles = [\"coordinater\"]\n"
                        "seeds = [\"127.0.0.1\"]"),
                  "n.toml:3: node.roles: found \"coordinater\"; allowed is "
                  "coordinator, worker, gateway; did you mean "
                  "\"coordinator\"?\n");
  auto roles = [this](const std::string& list) {
    return wrong("[node]\nname = \"a\"\nseeds = [\"127.0.0.1\"]\nroles = "
                 + list);
  };
  CAF_CHECK(roles("[]").find("found an empty list") != std::string::npos);
  CAF_CHECK(roles("[\"gateway\"]").find("not supported yet")
            != std::string::npos);
  CAF_CHECK(roles("\"worker\"").find("found \"worker\"; allowed is a list")
            != std::string::npos);
}

CAF_TEST(each wrong seed is told with its own line) {
  CAF_CHECK_EQUAL(wrong("[node]\nname = \"a\"\nseeds = [\n\"127.0.0.1\",\n"
                        "\"x:y\",\n7,\n]\n"),
                  "n.toml:5: node.seeds: found \"x:y\"; allowed is a host name "
                  "or address and a port of 1 to 65535, such as "
                  "\"10.0.0.5:7400\" or \"[::1]:7400\"\n"
                  "n.toml:6: node.seeds: found 7; allowed is HOST:PORT, such "
                  "as \"10.0.0.5:7400\"\n");
}

CAF_TEST(what a file names wrongly is said without a line) {
  auto none = read_node_file(folder / "none.toml", {"node.name=a"},
                             config_checks::disk);
  CAF_CHECK_EQUAL(mistakes(none), "none.toml: No such file or directory; give "
                                  "the path of a node's configuration\n");
  auto nothing = read_node_file("", {}, config_checks::text);
  CAF_REQUIRE(!nothing.mistakes.empty());
  CAF_CHECK_EQUAL(nothing.mistakes.front().subject, "node.name");
}

CAF_TEST(overrides win over the file and count paths from here) {
  auto reading = read(
      least, {"node.slots=7", "node.name=12", "node.roles=coordinator, worker",
              "node.seeds=localhost:1,localhost:2", "limits.memory=1GiB",
              "roots.media=m", "caf.scheduler.max-threads=3",
              "caf.scheduler.max-threads=4"});
  CAF_CHECK_EQUAL(mistakes(reading), "");
  const auto& got = reading.settings;
  CAF_CHECK_EQUAL(got.slots, 7u);
  CAF_CHECK_EQUAL(got.name, "12");
  CAF_CHECK(got.roles == (node_roles{true, true, false}));
  CAF_CHECK(got.seeds
            == (std::vector<endpoint>{{"localhost", 1}, {"localhost", 2}}));
  CAF_CHECK_EQUAL(got.session.memory_bytes, uint64_t{1} << 30);
  CAF_CHECK_EQUAL(got.roots.at("media"),
                  (std::filesystem::current_path() / "m").string());
  CAF_CHECK_EQUAL(got.caf.size(), 1u);
  CAF_CHECK_EQUAL(got.caf.front().second, "4");
}

CAF_TEST(wrong overrides are told after the file) {
  CAF_CHECK_EQUAL(wrong(std::string{least} + "slots = 0\n",
                        {"slots", "node.port=x", "nod.port=1"}),
                  "n.toml:5: node.slots: found 0; allowed is a whole number of "
                  "1 to 256\n"
                  "--set: \"slots\" sets nothing; allowed is "
                  "section.key=value, such as node.slots=2\n"
                  "--set: node.port: found \"x\"; allowed is a whole number of "
                  "1 to 65535\n"
                  "--set: [nod]: is an unknown section; did you mean "
                  "[node]?\n");
}

CAF_TEST(a node can come from overrides alone) {
  auto reading = read_node_file(
      "", {"node.name=b", "node.seeds=127.0.0.1:7400"}, config_checks::disk);
  CAF_CHECK_EQUAL(mistakes(reading), "");
  CAF_CHECK_EQUAL(reading.settings.name, "b");
}

CAF_TEST_FIXTURE_SCOPE_END()
