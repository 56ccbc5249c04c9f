#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

namespace troupe::session {

/// Puts the packets of several streams in one order that depends on nothing but
/// the packets: by decoding time, then by stream. A packet is released when no
/// other stream can bring an earlier one, so threads that run ahead of each
/// other don't change the bytes of the result.
///
/// A stream that brings nothing for long (subtitles) must say how far it is, or
/// it would hold the others up; see `advance`.
template <class Packet>
class interleaver {
public:
  /// @param most_bytes when more is held, order gives way to memory: the
  ///                   earliest packet at hand is released
  interleaver(size_t streams, size_t most_bytes)
      : streams_(streams), most_bytes_(most_bytes) {}

  /// @param time_us decoding time; within a stream it doesn't go back (earlier
  ///                times count as the stream's last)
  void push(size_t stream, int64_t time_us, Packet packet, size_t bytes) {
    auto& own = streams_[stream];
    own.reached_us = std::max(own.reached_us, time_us);
    own.held.push_back({own.reached_us, std::move(packet), bytes});
    held_bytes_ += bytes;
  }

  /// The stream brings nothing before this time any more.
  void advance(size_t stream, int64_t time_us) {
    auto& own = streams_[stream];
    own.reached_us = std::max(own.reached_us, time_us);
  }

  /// The stream brings nothing any more.
  void finish(size_t stream) { streams_[stream].finished = true; }

  /// The next packet in order with its stream, if it is certain.
  std::optional<std::pair<size_t, Packet>> pop() {
    auto next = streams_.size();
    for (size_t i = 0; i < streams_.size(); ++i)
      if (!streams_[i].held.empty()
          && (next == streams_.size() || front(i) < front(next)))
        next = i;
    if (next == streams_.size())
      return std::nullopt;
    if (held_bytes_ <= most_bytes_)
      for (size_t i = 0; i < streams_.size(); ++i)
        if (may_precede(i, next))
          return std::nullopt;
    auto entry = std::move(streams_[next].held.front());
    streams_[next].held.pop_front();
    held_bytes_ -= entry.bytes;
    return std::pair{next, std::move(entry.packet)};
  }

private:
  struct held_packet {
    int64_t time_us;
    Packet packet;
    size_t bytes;
  };

  struct lane {
    std::deque<held_packet> held;
    int64_t reached_us = INT64_MIN;
    bool finished = false;
  };

  int64_t front(size_t i) const { return streams_[i].held.front().time_us; }

  /// Stream i holds nothing and may still bring a packet before the front of
  /// `next`; at the same time, the lower stream goes first.
  bool may_precede(size_t i, size_t next) const {
    auto& other = streams_[i];
    if (!other.held.empty() || other.finished)
      return false;
    return other.reached_us < front(next)
           || (other.reached_us == front(next) && i < next);
  }

  std::vector<lane> streams_;
  size_t most_bytes_;
  size_t held_bytes_ = 0;
};

} // namespace troupe::session
