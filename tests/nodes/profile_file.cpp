#define CAF_SUITE profile_file

#include "nodes/profile_file.hpp"

#include <fstream>

#include <caf/test/dsl.hpp>

#include "tests/actors/temporary_folder.hpp"

using namespace troupe;
using namespace troupe::test;

namespace {

profile sample() {
  profile result;
  result.hostname = "alpha";
  result.cpu = {"Model", 2, 4};
  result.memory_bytes = uint64_t{1} << 40;
  result.gpus = {"renderD128 (i915)"};
  result.libraries = {{"libavcodec", "59.37.100"}};
  result.decoders = {"h264"};
  result.formats = {"mp4"};
  encoder_capability works{"libx264", "h264", "software",  true, "",
                           3840,      2160,   {"yuv420p"}, 61.5};
  encoder_capability fails{
      "h264_nvenc", "h264", "hardware", false, "no device", 0, 0, {}, 0};
  result.encoders = {works, fails};
  return result;
}

struct fixture {
  temporary_folder folder;
  std::string file = folder.path() + "/profile.json";
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(profile_file_tests, fixture)

CAF_TEST(what was kept is read again) {
  CAF_REQUIRE(write_profile(file, "key", sample()));
  auto read = read_profile(file, "key");
  CAF_REQUIRE(read);
  CAF_CHECK_EQUAL(read->hostname, "alpha");
  CAF_CHECK_EQUAL(read->cpu.threads, 4u);
  CAF_CHECK_EQUAL(read->memory_bytes, uint64_t{1} << 40);
  CAF_CHECK_EQUAL(read->libraries.at(0).version, "59.37.100");
  CAF_REQUIRE_EQUAL(read->encoders.size(), 2u);
  CAF_CHECK(read->encoders[0].works);
  CAF_CHECK_EQUAL(read->encoders[0].fps_1080p, 61.5);
  CAF_CHECK_EQUAL(read->encoders[0].pixel_formats.at(0), "yuv420p");
  CAF_CHECK_EQUAL(read->encoders[1].reason, "no device");
  CAF_CHECK_EQUAL(read->formats.at(0), "mp4");
}

CAF_TEST(another key means that nothing is known) {
  CAF_REQUIRE(write_profile(file, "key", sample()));
  CAF_CHECK(!read_profile(file, "other"));
}

CAF_TEST(a file that is missing or damaged means that nothing is known) {
  CAF_CHECK(!read_profile(file, "key"));
  for (auto text : {"", "{", "[]", "{\"format\":2,\"key\":\"key\"}",
                    "{\"format\":1,\"key\":\"key\",\"profile\":{}}"}) {
    std::ofstream{file} << text;
    CAF_CHECK(!read_profile(file, "key"));
  }
}

CAF_TEST(a place that cannot be written to is an error) {
  auto kept = write_profile(folder.path() + "/none/profile.json", "key", {});
  CAF_CHECK(kept.error().code == ec::io_error);
}

CAF_TEST(the key changes with all that a profile depends on) {
  auto key = [](const std::string& version, const std::string& library,
                uint32_t threads) {
    return profile_key(version, "full", {{"libavcodec", library}},
                       {"Model", 2, threads}, {});
  };
  CAF_CHECK_EQUAL(key("1", "59", 4), key("1", "59", 4));
  CAF_CHECK_NOT_EQUAL(key("1", "59", 4), key("2", "59", 4));
  CAF_CHECK_NOT_EQUAL(key("1", "59", 4), key("1", "60", 4));
  CAF_CHECK_NOT_EQUAL(key("1", "59", 4), key("1", "59", 8));
}

CAF_TEST_FIXTURE_SCOPE_END()
