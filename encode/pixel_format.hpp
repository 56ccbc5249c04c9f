#pragma once

#include <string>
#include <vector>

#include "encode/encoders.hpp"
#include "messages/media.hpp"

namespace troupe {

/// How much chroma a format has beside its luma.
enum class chroma { half_both, half_width, full };

/// What of a pixel format decides about another one in its place.
struct pixel_shape {
  chroma color = chroma::half_both; ///< 4:2:0, 4:2:2, 4:4:4
  uint32_t depth = 8;               ///< bits per component
  bool alpha = false;
};

/// Reads a name of libav's; formats with less chroma than 4:2:0 (4:1:1, grey)
/// count as 4:2:0, the least that encoders take.
pixel_shape shape_of_format(const std::string& name);

/// The stream's pictures as they come out of the decoder.
pixel_shape shape_of_stream(const stream_info& stream);

/// "4:2:0", "4:2:2", "4:4:4"
std::string to_string(chroma color);

/// The encoder's format that loses least of the stream: its own, else depth
/// before chroma before alpha. RGB becomes 4:2:0 where the encoder has it.
/// @param proven the formats that the encoder listed on its machine, or none
std::string nearest_format(const video_encoder& encoder,
                           const std::vector<std::string>& proven,
                           const stream_info& stream);

/// The most bits per component that the encoder takes.
uint32_t deepest(const video_encoder& encoder);

} // namespace troupe
