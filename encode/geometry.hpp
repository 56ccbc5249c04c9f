#pragma once

#include <cstdint>
#include <vector>

#include "messages/job.hpp"
#include "messages/media.hpp"

namespace troupe {

/// A picture's size in stored pixels, and the shape of these.
struct picture_size {
  uint32_t width = 0;
  uint32_t height = 0;
  rational sample_aspect; ///< 0/1: not said, shown as 1:1

  friend bool operator==(const picture_size&, const picture_size&) = default;
};

/// Sizes that an encoder takes are multiples of these.
struct size_alignment {
  uint32_t width = 1;
  uint32_t height = 1;
};

/// The stream's picture after its orientation was applied.
picture_size upright_size(const stream_info& stream);

/// Fits the picture into a box, turned to the picture's own direction; a
/// picture that fits already stays as it is. Stored pixels are fitted and keep
/// their shape: an anamorphic source stays one. Scaled sides are even.
picture_size fit_into_box(const picture_size& source, uint32_t box_width,
                          uint32_t box_height);

/// Scales to the sides that are not 0; the other follows, even. The picture's
/// display aspect stays, by the shape of the pixels where both are given.
picture_size resize(const picture_size& source, uint32_t width,
                    uint32_t height);

/// The size with what doesn't fill a multiple left out; at least one multiple.
picture_size align(const picture_size& size, const size_alignment& to);

/// 854x480 for 480: the 16:9 box of a rendition.
picture_size rendition_box(uint32_t height);

/// Which of the renditions to make, as indices: those that the source fills,
/// or nearly so; at least the smallest. In the order of the job.
std::vector<uint32_t>
useful_renditions(const picture_size& source,
                  const std::vector<rendition>& renditions);

/// Width to height as shown.
double display_aspect(const picture_size& size);

/// True for the orientations that swap width and height.
bool lies_on_its_side(orientation turn);

} // namespace troupe
