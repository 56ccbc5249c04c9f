#define CAF_SUITE config_document

#include "config/config_document.hpp"

#include <caf/test/unit_test.hpp>

#include "tests/actors/temporary_folder.hpp"

using namespace troupe;

namespace {

/// "section.key@line=value" of every entry.
std::string flat(std::string_view text) {
  auto document = parse_config("f", text);
  if (!document)
    return to_string(document.error());
  std::string result;
  for (const auto& x : document->entries)
    result += x.section + '.' + x.key + '@' + std::to_string(x.value.where.line)
              + '=' + describe(x.value) + ' ';
  return result;
}

/// What an override says, or "refused".
std::string overridden(std::string_view text) {
  auto x = parse_override(text);
  if (!x)
    return "refused";
  return x->section + '|' + x->key + '|' + describe(x->value) + '|'
         + x->value.typed.value_or("-");
}

} // namespace

CAF_TEST(entries come in the order of their lines and with them) {
  CAF_CHECK_EQUAL(
      flat("[node]\nslots = 2\nname = \"a\"\n\n[caf]\n"
           "scheduler.policy = \"sharing\"\n[limits]\nnice = 1.5\n"),
      "node.slots@2=2 node.name@3=\"a\" "
      "caf.scheduler.policy@6=\"sharing\" limits.nice@8=1.5 ");
  CAF_CHECK_EQUAL(flat("top = true\n[node]\na = []\nb = 1979-05-27\nc = {}"),
                  ".top@1=true node.a@3=a list node.b@4=a date "
                  "node.c@5=a table ");
}

CAF_TEST(what is no TOML is refused with its line) {
  auto document = parse_config("alpha.toml", "[node]\nname = alpha\n");
  CAF_REQUIRE(!document);
  CAF_CHECK(document.error().code == ec::bad_config);
  CAF_CHECK_EQUAL(document.error().subject, "alpha.toml:2");
  CAF_CHECK(flat("[node]\nslots = 1\nslots = 2\n").starts_with("f:3: is no"));
  CAF_CHECK(flat("").starts_with("f: says nothing"));
  CAF_CHECK(flat("# only a comment\n").starts_with("f: says nothing"));
  CAF_CHECK(flat("[node]\nname = \"\xff\"").starts_with("f:2: is no TOML"));
}

CAF_TEST(a file that cannot be read is named with the reason) {
  test::temporary_folder folder;
  auto reason = [](const std::string& path) {
    auto document = read_config_file(path);
    CAF_REQUIRE(!document);
    CAF_CHECK(document.error().code == ec::bad_config);
    CAF_CHECK_EQUAL(document.error().subject, path);
    return document.error().cause;
  };
  CAF_CHECK_EQUAL(reason(folder / "none.toml"), "No such file or directory");
  CAF_CHECK_EQUAL(reason(folder.path()), "is no file");
  CAF_CHECK_EQUAL(reason("/dev/zero"), "is no file");
  CAF_CHECK_EQUAL(reason(folder.write("empty.toml", "")), "says nothing");
  auto film = folder.write("film.toml", std::string((1 << 20) + 1, 'x'));
  CAF_CHECK_EQUAL(reason(film), "has 1048577 bytes");
}

CAF_TEST(overrides take TOML and bare words) {
  CAF_CHECK_EQUAL(overridden("node.slots=2"), "node|slots|2|2");
  CAF_CHECK_EQUAL(overridden("node.name=alpha"), "node|name|\"alpha\"|alpha");
  CAF_CHECK_EQUAL(overridden("node.name=\"7\""), "node|name|\"7\"|-");
  CAF_CHECK_EQUAL(overridden("node.name=7"), "node|name|7|7");
  CAF_CHECK_EQUAL(overridden("limits.memory=4GB"), "limits|memory|\"4GB\"|4GB");
  CAF_CHECK_EQUAL(overridden("node.roles=[\"worker\"]"),
                  "node|roles|a list|[\"worker\"]");
  CAF_CHECK_EQUAL(overridden("caf.scheduler.policy=sharing"),
                  "caf|scheduler.policy|\"sharing\"|sharing");
  CAF_CHECK_EQUAL(overridden("node.name="), "node|name|\"\"|");
  // A line end begins no other setting.
  CAF_CHECK_EQUAL(overridden("node.slots=2\nport=1"),
                  "node|slots|\"2\nport=1\"|2\nport=1");
}

CAF_TEST(overrides that set nothing are refused) {
  for (auto text : {"", "node", "node.slots", "slots=2", "=2", ".slots=2",
                    "node.=2", "no de.slots=2", "node.slo\"ts=2"})
    CAF_CHECK_EQUAL(overridden(text), "refused");
}
