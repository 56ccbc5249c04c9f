#pragma once

#include <atomic>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "encode/session/av.hpp"
#include "encode/session/descriptor_io.hpp"
#include "messages/limits.hpp"
#include "messages/outcome.hpp"

namespace troupe::session {

/// An opened input: the container is known, its streams are described. Packets
/// that were looked at early are kept and come again, so that looking and
/// encoding open the input once.
class packet_source {
public:
  /// How closely an input is looked at before its first packet.
  enum class depth {
    streams, ///< reads and decodes until every stream is described
    header,  ///< believes the header, where the container has one
  };

  /// Opens the descriptor and reads what its head and index say. Codes:
  /// bad_input, memory_limit, io_error.
  static outcome<std::unique_ptr<packet_source>>
  open(descriptor input, const session_limits& limits,
       std::atomic<uint64_t>& bytes_read, depth how = depth::streams);

  AVFormatContext* format() { return format_.get(); }
  AVStream* stream(uint32_t index) { return format_->streams[index]; }
  uint32_t streams() const { return format_->nb_streams; }
  uint64_t size_bytes() const { return size_bytes_; }

  /// What becomes zero in the results, microseconds of the file's own clock.
  int64_t start_us() const;

  /// Reads one packet ahead and keeps it for `read`. Null at the end of the
  /// file or when enough is kept already. The source owns the packet.
  const AVPacket* look_ahead();

  /// The next packet: first those kept, then fresh ones.
  /// @returns 0, AVERROR_EOF at the end, or libav's error
  int read(AVPacket& packet);

  /// The error number of the first failed read of the file, 0 if none failed.
  int read_error() const { return io_->first_error(); }

private:
  packet_source() = default;

  descriptor input_;
  std::unique_ptr<descriptor_io> io_;
  input_ptr format_; // before io_ goes: it still reads from it
  uint64_t size_bytes_ = 0;
  std::deque<packet_ptr> kept_;
  size_t kept_bytes_ = 0;
};

} // namespace troupe::session
