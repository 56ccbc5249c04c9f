#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "messages/profile.hpp"

namespace troupe {

/// What this machine is, as far as it can be known without rights and without
/// trying: hostname, system, processors, memory, disk, render devices. What
/// can't be found out stays empty or 0.
/// @param data_path a path on the file system whose free space counts
profile describe_machine(const std::string& data_path);

/// Parts of it. The roots are "/proc" and "/dev/dri"; tests name others.

/// "Debian GNU/Linux 12 (bookworm), Linux 6.1.0-13-amd64".
std::string describe_system(const std::filesystem::path& os_release);

/// Model and physical cores from a file like /proc/cpuinfo; the threads are
/// those that this process may run on.
cpu_info describe_cpu(const std::filesystem::path& cpuinfo);

/// Physical memory, but no more than this process's cgroup may use.
uint64_t memory_bytes();

/// Bytes that a user without rights can still write; 0 when not known.
uint64_t disk_free_bytes(const std::string& path);

/// Render devices: "renderD128 (i915)", and NVIDIA's boards by their model.
std::vector<std::string> find_gpus(const std::filesystem::path& render_devices,
                                   const std::filesystem::path& nvidia_boards);

} // namespace troupe
