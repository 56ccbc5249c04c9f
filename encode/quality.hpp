#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "encode/encoders.hpp"
#include "messages/failure.hpp"
#include "messages/job.hpp"

namespace troupe {

/// Why the encoder can't be driven with the crf, bit rate or speed that the
/// user asked for; nothing when it can. Code: usage.
std::optional<failure> refuses(const video_encoder& encoder,
                               const operation& asked);

/// What the options of an encoder depend on besides the job.
struct encoding_conditions {
  uint32_t threads = 1; ///< at least 1
  std::string pixel_format;
  /// Mastering data to be written into the stream; null when there is none.
  const hdr_metadata* hdr = nullptr;
};

/// The encoder's private options for the job: always the same for the same
/// arguments, with nothing left to the machine. `what` is the resolved
/// operation; crf and speed that this encoder doesn't know (a preset's, meant
/// for another) give way to its own defaults.
std::vector<option> encoder_options(const video_encoder& encoder,
                                    const operation& what,
                                    const encoding_conditions& conditions);

} // namespace troupe
