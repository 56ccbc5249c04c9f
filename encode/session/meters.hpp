#pragma once

#include <atomic>

#include "messages/report.hpp"

namespace troupe::session {

/// The counters that the stages keep while they work; read by the thread that
/// reports progress. Each only grows.
struct meters {
  std::atomic<uint64_t> packets_read = 0;
  std::atomic<uint64_t> frames_decoded = 0;
  std::atomic<uint64_t> frames_filtered = 0;
  std::atomic<uint64_t> frames_sent = 0;
  std::atomic<uint64_t> frames_encoded = 0;
  std::atomic<uint64_t> samples_decoded = 0;
  std::atomic<uint64_t> bytes_read = 0;
  std::atomic<uint64_t> bytes_written = 0;
  std::atomic<uint64_t> bytes_checked = 0;
  std::atomic<double> position_s = 0;
  std::atomic<bool> verifying = false;

  session_progress snapshot() const {
    session_progress result;
    result.packets_read = packets_read;
    result.frames_decoded = frames_decoded;
    result.frames_filtered = frames_filtered;
    result.frames_sent = frames_sent;
    result.frames_encoded = frames_encoded;
    result.samples_decoded = samples_decoded;
    result.bytes_read = bytes_read;
    result.bytes_written = bytes_written;
    result.bytes_checked = bytes_checked;
    result.position_s = position_s;
    return result;
  }
};

} // namespace troupe::session
