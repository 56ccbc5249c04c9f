#define CAF_SUITE machine

#include "hw/machine.hpp"

#include <filesystem>
#include <fstream>
#include <string>

#include <caf/test/unit_test.hpp>

#include <stdlib.h>

using namespace troupe;

namespace fs = std::filesystem;

namespace {

struct fixture {
  fs::path folder;

  fixture() {
    auto name = (fs::temp_directory_path() / "troupe-machine-XXXXXX").string();
    CAF_REQUIRE(::mkdtemp(name.data()) != nullptr);
    folder = name;
  }

  ~fixture() { fs::remove_all(folder); }

  fs::path write(const std::string& name, const std::string& text) {
    auto path = folder / name;
    fs::create_directories(path.parent_path());
    std::ofstream{path} << text;
    return path;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(machine_tests, fixture)

CAF_TEST(this machine has a name and processors and memory and a disk) {
  auto found = describe_machine(folder.string());
  CAF_CHECK(!found.hostname.empty());
  CAF_CHECK(found.os.find("Linux") != std::string::npos);
  CAF_CHECK(found.cpu.threads >= 1);
  CAF_CHECK(found.memory_bytes > 0);
  CAF_CHECK(found.disk_free_bytes > 0);
}

CAF_TEST(cores are counted once however many threads they have) {
  auto cpuinfo = write("cpuinfo", "processor\t: 0\nmodel name\t: Fast 9000\n"
                                  "physical id\t: 0\ncore id\t\t: 0\n\n"
                                  "processor\t: 1\nmodel name\t: Fast 9000\n"
                                  "physical id\t: 0\ncore id\t\t: 0\n\n"
                                  "processor\t: 2\nphysical id\t: 1\n"
                                  "core id\t\t: 0\n");
  auto cpu = describe_cpu(cpuinfo);
  CAF_CHECK_EQUAL(cpu.model, "Fast 9000");
  CAF_CHECK_EQUAL(cpu.cores, 2u);
}

CAF_TEST(a machine that does not say has no model and no cores) {
  auto cpu = describe_cpu(folder / "missing");
  CAF_CHECK_EQUAL(cpu.model, "");
  CAF_CHECK_EQUAL(cpu.cores, 0u);
  CAF_CHECK(cpu.threads >= 1);
}

CAF_TEST(the system is named as it calls itself) {
  auto file = write("os-release", "NAME=Other\nPRETTY_NAME=\"Some OS 1\"\n");
  CAF_CHECK(describe_system(file).starts_with("Some OS 1, Linux "));
  CAF_CHECK(describe_system(folder / "missing").starts_with("Linux "));
}

CAF_TEST(render devices and boards are listed by name) {
  write("dri/renderD200", "");
  write("dri/card7", "");
  write("gpus/0000:01:00.0/information", "Model: \t Board 1\nIRQ: 1\n");
  write("gpus/0000:02:00.0/other", "");
  auto gpus = find_gpus(folder / "dri", folder / "gpus");
  CAF_REQUIRE_EQUAL(gpus.size(), 3u);
  CAF_CHECK_EQUAL(gpus[0], "renderD200");
  CAF_CHECK_EQUAL(gpus[1], "Board 1");
  CAF_CHECK_EQUAL(gpus[2], "NVIDIA 0000:02:00.0");
}

CAF_TEST(a machine without render devices has none) {
  CAF_CHECK(find_gpus(folder / "no", folder / "none").empty());
}

CAF_TEST(free space of a path that is not there is not known) {
  CAF_CHECK_EQUAL(disk_free_bytes((folder / "missing").string()), 0u);
}

CAF_TEST_FIXTURE_SCOPE_END()
