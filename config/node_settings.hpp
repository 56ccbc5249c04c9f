#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/endpoint.hpp"
#include "config/tls_settings.hpp"
#include "messages/limits.hpp"
#include "messages/member.hpp"
#include "messages/outcome.hpp"

namespace troupe {

/// How much a node finds out about its encoders at the start.
enum class probe_extent : uint8_t {
  full = 1,  ///< opens each, up to 4K, and measures its speed
  quick = 2, ///< opens each when a task first wants it
};

/// How much the coordinator's journal keeps of jobs that ended. What is beyond
/// either limit goes.
struct journal_settings {
  uint64_t keep_jobs = 100'000; ///< 0 to 10,000,000
  uint32_t keep_days = 90;      ///< 1 to 36,500

  friend bool operator==(const journal_settings&,
                         const journal_settings&) = default;
};

inline constexpr uint32_t most_slots = 256;
inline constexpr uint32_t most_threads = 1024;
inline constexpr int32_t most_nice = 19;
/// With less a session cannot even load its libraries.
inline constexpr uint64_t least_session_memory_bytes = uint64_t{64} << 20;

/// True for a name that a node can have.
bool is_node_name(std::string_view text);

/// How one node runs. Read once at the start; the actors get parts of it by
/// value.
struct node_settings {
  /// The node's name, as `nodes` and the tasks of a job show it. 1 to 64
  /// letters, digits, '-', '_' or '.'.
  std::string name = "local";
  node_roles roles;
  /// Address that the port is bound to. Others than loopback only with `tls`.
  std::string bind = "127.0.0.1";
  uint16_t port = default_port;
  /// Where others dial this node; without, `bind` and `port`.
  std::optional<endpoint> advertise;
  /// Nodes that know the cluster. May be empty on the coordinator only.
  std::vector<endpoint> seeds;
  /// Absolute path of the folder for what must survive a restart; "" when the
  /// node needs none, as it isn't the coordinator.
  std::string data_dir;
  /// Sessions at once, 1 to 256.
  uint32_t slots = 1;
  /// Threads of one session's encoder, 0 to 1024; 0 means the processors that
  /// this process may use, divided by the slots.
  uint32_t threads = 0;
  probe_extent probe = probe_extent::full;
  /// Seconds that SIGTERM waits for running tasks before they are handed back.
  double drain_timeout_s = 30;
  /// Directories that jobs may name as `NAME:/path`, absolute, by name.
  std::map<std::string, std::string> roots;
  /// None: plain TCP, on loopback.
  std::optional<tls_settings> tls;
  /// What each session may use.
  session_limits session;
  /// Seconds that a job may take, 0 for no limit.
  double job_timeout_s = 0;
  /// Seconds that a session may stand still.
  double stall_timeout_s = 60;
  /// Share of the machine's processors that the node and its sessions run on,
  /// 1 to 100.
  uint32_t cpu_percent = 100;
  journal_settings journal;
  /// Settings of CAF, applied after our own: key and value as CAF's own
  /// configuration has them.
  std::vector<std::pair<std::string, std::string>> caf;
  /// Threads for all actors that don't block, 1 to 64. They only pass messages
  /// on; the work is done in sessions.
  uint32_t scheduler_threads = 2;
  /// The program that sessions run; "" means `troupe-session` beside `troupe`.
  std::string session_program;

  friend bool operator==(const node_settings&, const node_settings&) = default;
};

/// Where others dial the node.
endpoint address_of(const node_settings& settings);

/// Refuses impossible values of what can be said on a command line: code usage,
/// the setting as subject, what was found and what is allowed.
outcome<void> check(const node_settings& settings);

} // namespace troupe
