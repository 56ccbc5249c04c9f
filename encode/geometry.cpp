#include "encode/geometry.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace troupe {

namespace {

/// A picture that is cut by rounding to even sides keeps its pixels' shape
/// while nobody can see the difference: square pixels stay square.
constexpr double invisible = 0.005;

/// Most bitstreams hold 16 bits for either side of a pixel's shape.
constexpr int64_t most_aspect = 65535;

/// A source this much smaller than a rendition still serves as that.
constexpr double nearly = 1.1;

uint32_t even(double x) {
  return std::max<uint32_t>(2, static_cast<uint32_t>(std::lround(x / 2)) * 2);
}

rational reduced(int64_t num, int64_t den) {
  auto common = std::gcd(num, den);
  num /= std::max<int64_t>(common, 1);
  den /= std::max<int64_t>(common, 1);
  auto excess = static_cast<double>(std::max(num, den))
                / static_cast<double>(most_aspect);
  if (excess > 1) {
    num = std::max<int64_t>(std::llround(static_cast<double>(num) / excess), 1);
    den = std::max<int64_t>(std::llround(static_cast<double>(den) / excess), 1);
  }
  return {static_cast<int32_t>(num), static_cast<int32_t>(den)};
}

rational said(rational aspect) {
  return aspect.num > 0 && aspect.den > 0 ? aspect : rational{1, 1};
}

/// The shape of pixels with which `width` x `height` shows like `source`.
rational kept_aspect(const picture_size& source, uint32_t width,
                     uint32_t height) {
  auto aspect = said(source.sample_aspect);
  auto change =
      static_cast<double>(source.width) / source.height * height / width;
  if (std::abs(change - 1) < invisible)
    return source.sample_aspect;
  auto stretched =
      reduced(int64_t{source.width} * height, int64_t{source.height} * width);
  return reduced(int64_t{aspect.num} * stretched.num,
                 int64_t{aspect.den} * stretched.den);
}

} // namespace

bool lies_on_its_side(orientation turn) {
  return turn == orientation::rotate_90 || turn == orientation::rotate_270
         || turn == orientation::mirror_rotate_90
         || turn == orientation::mirror_rotate_270;
}

picture_size upright_size(const stream_info& stream) {
  picture_size result{stream.width, stream.height, stream.sample_aspect};
  auto& aspect = result.sample_aspect;
  if (aspect.num <= 0 || aspect.den <= 0)
    aspect = {};
  if (!lies_on_its_side(stream.turn))
    return result;
  std::swap(result.width, result.height);
  if (aspect.num > 0)
    std::swap(aspect.num, aspect.den);
  return result;
}

double display_aspect(const picture_size& size) {
  return to_double(said(size.sample_aspect)) * size.width
         / std::max(size.height, 1u);
}

picture_size fit_into_box(const picture_size& source, uint32_t box_width,
                          uint32_t box_height) {
  auto tall = display_aspect(source) < 1;
  if (tall == (box_width > box_height))
    std::swap(box_width, box_height);
  auto factor = std::min(static_cast<double>(box_width) / source.width,
                         static_cast<double>(box_height) / source.height);
  if (factor >= 1)
    return source;
  picture_size result;
  result.width = std::min(even(source.width * factor), even(box_width));
  result.height = std::min(even(source.height * factor), even(box_height));
  result.sample_aspect = kept_aspect(source, result.width, result.height);
  return result;
}

picture_size resize(const picture_size& source, uint32_t width,
                    uint32_t height) {
  picture_size result{width, height, {}};
  if (height == 0)
    result.height =
        even(static_cast<double>(width) * source.height / source.width);
  if (width == 0)
    result.width =
        even(static_cast<double>(height) * source.width / source.height);
  result.sample_aspect = kept_aspect(source, result.width, result.height);
  return result;
}

picture_size align(const picture_size& size, const size_alignment& to) {
  auto result = size;
  result.width = std::max(size.width - size.width % to.width, to.width);
  result.height = std::max(size.height - size.height % to.height, to.height);
  return result;
}

picture_size rendition_box(uint32_t height) {
  return {even(height * 16.0 / 9), height, {}};
}

std::vector<uint32_t>
useful_renditions(const picture_size& source,
                  const std::vector<rendition>& renditions) {
  std::vector<uint32_t> result;
  uint32_t smallest = 0;
  for (uint32_t i = 0; i < renditions.size(); ++i) {
    if (renditions[i].height < renditions[smallest].height)
      smallest = i;
    auto box = rendition_box(renditions[i].height);
    picture_size enlarged{
        static_cast<uint32_t>(std::lround(source.width * nearly)),
        static_cast<uint32_t>(std::lround(source.height * nearly)),
        source.sample_aspect};
    if (fit_into_box(enlarged, box.width, box.height) != enlarged)
      result.push_back(i);
  }
  if (result.empty() && !renditions.empty())
    result.push_back(smallest);
  return result;
}

} // namespace troupe
