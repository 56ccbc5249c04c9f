#include "messages/failure.hpp"

#include <array>

namespace troupe {

namespace {

struct code_entry {
  ec code;
  std::string_view name;
  int exit_status;
};

constexpr int usage_status = 64;            // EX_USAGE
constexpr int data_status = 65;             // EX_DATAERR
constexpr int no_input_status = 66;         // EX_NOINPUT
constexpr int unavailable_status = 69;      // EX_UNAVAILABLE
constexpr int cannot_create_status = 73;    // EX_CANTCREAT
constexpr int config_status = 78;           // EX_CONFIG
constexpr int interrupted_status = 128 + 2; // as a shell reports SIGINT

/// One line per code: what it is called and what a verb exits with.
constexpr std::array entries{
    code_entry{ec::none, "none", 0},
    code_entry{ec::usage, "usage", usage_status},
    code_entry{ec::bad_input, "bad_input", data_status},
    code_entry{ec::no_input, "no_input", no_input_status},
    code_entry{ec::impossible_job, "impossible_job", data_status},
    code_entry{ec::output_exists, "output_exists", cannot_create_status},
    code_entry{ec::cannot_create, "cannot_create", cannot_create_status},
    code_entry{ec::encoder_unavailable, "encoder_unavailable",
               unavailable_status},
    code_entry{ec::session_crashed, "session_crashed", 1},
    code_entry{ec::stalled, "stalled", 1},
    code_entry{ec::time_limit, "time_limit", 1},
    code_entry{ec::memory_limit, "memory_limit", 1},
    code_entry{ec::disk_full, "disk_full", cannot_create_status},
    code_entry{ec::cancelled, "cancelled", interrupted_status},
    code_entry{ec::verification_failed, "verification_failed", 1},
    code_entry{ec::io_error, "io_error", 1},
    code_entry{ec::protocol_mismatch, "protocol_mismatch", 1},
    code_entry{ec::worker_lost, "worker_lost", unavailable_status},
    code_entry{ec::not_found, "not_found", 1},
    code_entry{ec::input_changed, "input_changed", 1},
    code_entry{ec::session_unavailable, "session_unavailable", 1},
    code_entry{ec::internal, "internal", 1},
    code_entry{ec::poison, "poison", 1},
    code_entry{ec::no_cluster, "no_cluster", unavailable_status},
    code_entry{ec::name_taken, "name_taken", config_status},
    code_entry{ec::stale_epoch, "stale_epoch", 1},
    code_entry{ec::no_slot, "no_slot", 1},
    code_entry{ec::draining, "draining", unavailable_status},
    code_entry{ec::bad_config, "bad_config", config_status},
    code_entry{ec::journal_failed, "journal_failed", 1},
    code_entry{ec::conflict, "conflict", 1},
    code_entry{ec::superseded, "superseded", unavailable_status},
    code_entry{ec::overloaded, "overloaded", unavailable_status},
    code_entry{ec::outside_roots, "outside_roots", data_status},
    code_entry{ec::bad_certificate, "bad_certificate", config_status},
    code_entry{ec::handed_back, "handed_back", 1},
    code_entry{ec::not_coordinator, "not_coordinator", unavailable_status},
};

} // namespace

std::string_view to_string(ec code) {
  for (const auto& entry : entries)
    if (entry.code == code)
      return entry.name;
  return "unknown";
}

ec ec_from_string(std::string_view name) {
  for (const auto& entry : entries)
    if (entry.name == name)
      return entry.code;
  return ec::none;
}

std::string to_string(const failure& error) {
  std::string result;
  auto append = [&result](std::string_view separator, std::string_view part) {
    if (part.empty())
      return;
    if (!result.empty())
      result += separator;
    result += part;
  };
  append("", error.subject);
  append(": ", error.cause);
  append("; ", error.advice);
  if (result.empty())
    result = to_string(error.code);
  return result;
}

int exit_status(ec code) {
  for (const auto& entry : entries)
    if (entry.code == code)
      return entry.exit_status;
  return 1;
}

} // namespace troupe
