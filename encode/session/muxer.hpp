#pragma once

#include <atomic>
#include <memory>
#include <vector>

#include "encode/session/av.hpp"
#include "encode/session/bounded_queue.hpp"
#include "encode/session/descriptor_io.hpp"
#include "encode/session/interleaver.hpp"
#include "encode/session/meters.hpp"
#include "encode/session/stop_latch.hpp"
#include "messages/outcome.hpp"
#include "messages/plan.hpp"

namespace troupe::session {

/// Writes one output. Other stages push packets; the muxer's own thread puts
/// them in order and writes them.
class muxer {
public:
  /// @param fd the output, opened for reading and writing; stays the caller's
  /// @param first whether this output's position is reported as progress
  static outcome<std::unique_ptr<muxer>> open(const output_plan& plan, int fd,
                                              meters& counters, bool first);

  AVFormatContext& format() { return *format_; }
  bool wants_global_header() const;

  /// Adds a stream whose parameters the caller then fills in.
  AVStream& add_stream();

  /// Writes the header, then the cover art. After this, streams are fixed.
  outcome<void> start(const std::vector<option>& options);

  /// A picture that is written right behind the header.
  void add_picture(int stream, packet_ptr picture);

  /// Hands a packet over; waits while the muxer is behind.
  /// @param time_base of the packet's timestamps
  /// @returns false when the session is being stopped
  bool push(int stream, packet_ptr packet, AVRational time_base);

  /// The stream brings nothing before this time; see interleaver::advance.
  bool advance(int stream, int64_t time_us);

  /// The stream brings nothing any more.
  bool finish(int stream);

  /// The muxer's thread: writes until every stream is finished, then the
  /// trailer, and syncs the file.
  void run(stop_latch& stop);

  void abort() { queue_.abort(); }

private:
  struct item {
    enum class what { packet, advance, finish } kind = what::packet;
    int stream = 0;
    packet_ptr packet;
    int64_t time_us = 0;
  };

  muxer(meters& counters, bool first);

  static int open_for_shift(AVFormatContext* format, AVIOContext** io,
                            const char* url, int flags, AVDictionary** options);
  static int close_after_shift(AVFormatContext* format, AVIOContext* io);

  void take(item x);
  outcome<void> write_ready();
  outcome<void> write(int stream, AVPacket& packet);
  outcome<void> end();

  meters& counters_;
  bool first_;
  std::unique_ptr<descriptor_io> io_;
  output_ptr format_; // before io_ goes: it still refers to it
  std::vector<std::pair<int, packet_ptr>> pictures_;
  std::vector<int64_t> last_dts_; ///< per stream, in the muxer's time base
  std::vector<bool> timed_;       ///< streams that packets are pushed for
  size_t unfinished_ = 0;
  bounded_queue<item> queue_;
  std::unique_ptr<interleaver<packet_ptr>> order_;
};

} // namespace troupe::session
