#define CAF_SUITE load

#include "hw/load.hpp"

#include <caf/test/unit_test.hpp>

#include "tests/actors/temporary_folder.hpp"

using namespace troupe;

CAF_TEST(waiting for a disk is not work and guests count once) {
  auto found = parse_stat("cpu  100 20 30 400 50 6 7 8 100 20\n"
                          "cpu0 1 2 3 4 5 6 7 8 9 10\n");
  CAF_REQUIRE(found);
  CAF_CHECK_EQUAL(found->total, 621u);
  CAF_CHECK_EQUAL(found->busy, 171u);
}

CAF_TEST(the line of all processors may come late and be short) {
  auto found = parse_stat("intr 5\ncpu0 9 9 9 9\ncpu 1 2 3 4");
  CAF_REQUIRE(found);
  CAF_CHECK_EQUAL(found->total, 10u);
  CAF_CHECK_EQUAL(found->busy, 6u);
}

CAF_TEST(a text that says nothing of processors) {
  for (auto text : {"", "cpu", "cpu ", "cpu 1 2 3", "cpu a b c d",
                    "cpu0 1 2 3 4", "cpu 1 2 3 99999999999999999999999"})
    CAF_CHECK(!parse_stat(text));
}

CAF_TEST(memory that could be used is told in bytes) {
  auto found = parse_meminfo("MemTotal:   100 kB\nMemAvailable:     7 kB\n");
  CAF_REQUIRE(found);
  CAF_CHECK_EQUAL(*found, 7168u);
  for (auto text : {"", "MemTotal: 100 kB\n", "MemAvailable:\n"})
    CAF_CHECK(!parse_meminfo(text));
}

CAF_TEST(the share in use lies between 0 and 1) {
  CAF_CHECK_EQUAL(share_in_use({100, 200}, {125, 250}), 0.5);
  CAF_CHECK_EQUAL(share_in_use({100, 200}, {100, 300}), 0.0);
  CAF_CHECK_EQUAL(share_in_use({100, 200}, {200, 300}), 1.0);
  // Iowait may go back, so that busy grows by more than the total.
  CAF_CHECK_EQUAL(share_in_use({100, 200}, {190, 210}), 1.0);
  CAF_CHECK_EQUAL(share_in_use({100, 200}, {100, 200}), 0.0);
  CAF_CHECK_EQUAL(share_in_use({100, 200}, {90, 300}), 0.0);
}

CAF_TEST(a sampler tells what happened since it was asked last) {
  test::temporary_folder proc;
  proc.write("stat", "cpu 100 0 0 100\n");
  proc.write("meminfo", "MemAvailable: 1 kB\n");
  load_sampler aut{proc.path()};
  CAF_CHECK_EQUAL(aut.memory_free_bytes(), 1024u);
  proc.write("stat", "cpu 130 0 0 170\n");
  CAF_CHECK_EQUAL(aut.cpu(), 0.3);
  proc.write("stat", "cpu 230 0 0 170\n");
  CAF_CHECK_EQUAL(aut.cpu(), 1.0);
  proc.write("stat", "nothing");
  CAF_CHECK_EQUAL(aut.cpu(), 0.0);
}

CAF_TEST(a machine that does not tell has no load) {
  test::temporary_folder empty;
  load_sampler aut{empty.path()};
  CAF_CHECK_EQUAL(aut.cpu(), 0.0);
  CAF_CHECK_EQUAL(aut.memory_free_bytes(), 0u);
}

CAF_TEST(this machine tells) {
  load_sampler aut;
  CAF_CHECK(aut.memory_free_bytes() > 0);
  auto share = aut.cpu();
  CAF_CHECK(share >= 0);
  CAF_CHECK(share <= 1);
}
