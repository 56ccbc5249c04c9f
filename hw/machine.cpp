#include "hw/machine.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <optional>
#include <set>
#include <string_view>
#include <system_error>
#include <utility>

#include <sched.h>
#include <sys/statvfs.h>
#include <sys/utsname.h>
#include <unistd.h>

namespace troupe {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view blanks = " \t\r\n";

std::string trimmed(std::string_view text) {
  auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos)
    return "";
  return std::string{
      text.substr(first, text.find_last_not_of(blanks) - first + 1)};
}

/// "key : value" or "key=value"; nothing for other lines.
std::optional<std::pair<std::string, std::string>>
key_and_value(const std::string& line, char separator) {
  auto at = line.find(separator);
  if (at == std::string::npos)
    return std::nullopt;
  return std::pair{trimmed(std::string_view{line}.substr(0, at)),
                   trimmed(std::string_view{line}.substr(at + 1))};
}

std::string unquoted(std::string text) {
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"')
    return text.substr(1, text.size() - 2);
  return text;
}

/// Entries of a folder in the order of their names; none when it can't be read.
std::vector<fs::path> entries(const fs::path& folder) {
  std::vector<fs::path> result;
  std::error_code error;
  for (fs::directory_iterator it{folder, error}, end; !error && it != end;
       it.increment(error))
    result.push_back(it->path());
  std::sort(result.begin(), result.end());
  return result;
}

uint32_t usable_threads() {
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  if (::sched_getaffinity(0, sizeof(allowed), &allowed) != 0)
    return 1;
  return static_cast<uint32_t>(std::max(CPU_COUNT(&allowed), 1));
}

std::string hostname() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0)
    return "";
  return name.data();
}

/// The kernel's driver of a render device: where its `driver` link leads.
std::string driver_of(const std::string& device) {
  std::error_code error;
  auto link =
      fs::read_symlink("/sys/class/drm/" + device + "/device/driver", error);
  return link.filename().string();
}

std::string nvidia_model(const fs::path& board) {
  std::ifstream file{board / "information"};
  for (std::string line; std::getline(file, line);)
    if (auto entry = key_and_value(line, ':'); entry && entry->first == "Model")
      return entry->second;
  return "";
}

/// Memory limit of this process's cgroup, in either version's file.
std::optional<uint64_t> cgroup_limit() {
  for (auto path : {"/sys/fs/cgroup/memory.max",
                    "/sys/fs/cgroup/memory/memory.limit_in_bytes"}) {
    std::ifstream file{path};
    if (uint64_t limit = 0; file >> limit)
      return limit;
  }
  return std::nullopt;
}

} // namespace

profile describe_machine(const std::string& data_path) {
  profile result;
  result.hostname = hostname();
  result.os = describe_system("/etc/os-release");
  result.cpu = describe_cpu("/proc/cpuinfo");
  result.memory_bytes = memory_bytes();
  result.disk_free_bytes = disk_free_bytes(data_path);
  result.gpus = find_gpus("/dev/dri", "/proc/driver/nvidia/gpus");
  return result;
}

std::string describe_system(const fs::path& os_release) {
  std::string result;
  std::ifstream file{os_release};
  for (std::string line; std::getline(file, line);)
    if (auto entry = key_and_value(line, '=');
        entry && entry->first == "PRETTY_NAME")
      result = unquoted(entry->second);
  utsname kernel{};
  if (::uname(&kernel) != 0)
    return result;
  if (!result.empty())
    result += ", ";
  return result + kernel.sysname + ' ' + kernel.release;
}

cpu_info describe_cpu(const fs::path& cpuinfo) {
  cpu_info result;
  std::set<std::pair<std::string, std::string>> cores; // package, core
  std::string package;
  std::ifstream file{cpuinfo};
  for (std::string line; std::getline(file, line);) {
    auto entry = key_and_value(line, ':');
    if (!entry)
      continue;
    if (entry->first == "model name" && result.model.empty())
      result.model = entry->second;
    else if (entry->first == "physical id")
      package = entry->second;
    else if (entry->first == "core id")
      cores.emplace(package, entry->second);
  }
  result.cores = static_cast<uint32_t>(cores.size());
  result.threads = usable_threads();
  return result;
}

uint64_t memory_bytes() {
  auto pages = ::sysconf(_SC_PHYS_PAGES);
  auto page_size = ::sysconf(_SC_PAGESIZE);
  if (pages <= 0 || page_size <= 0)
    return 0;
  auto physical =
      static_cast<uint64_t>(pages) * static_cast<uint64_t>(page_size);
  return std::min(physical, cgroup_limit().value_or(physical));
}

uint64_t disk_free_bytes(const std::string& path) {
  struct statvfs found {};
  if (::statvfs(path.c_str(), &found) != 0)
    return 0;
  return static_cast<uint64_t>(found.f_bavail) * found.f_frsize;
}

std::vector<std::string> find_gpus(const fs::path& render_devices,
                                   const fs::path& nvidia_boards) {
  std::vector<std::string> result;
  for (const auto& path : entries(render_devices)) {
    auto name = path.filename().string();
    if (!name.starts_with("renderD"))
      continue;
    auto driver = driver_of(name);
    if (!driver.empty())
      name.append(" (").append(driver).append(")");
    result.push_back(name);
  }
  for (const auto& board : entries(nvidia_boards)) {
    auto model = nvidia_model(board);
    result.push_back(model.empty() ? "NVIDIA " + board.filename().string()
                                   : model);
  }
  return result;
}

} // namespace troupe
