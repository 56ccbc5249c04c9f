#include "encode/session/filter_text.hpp"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <string_view>

namespace troupe::session {

namespace {

std::string number(uint64_t x) {
  return std::to_string(x);
}

/// `word` if it is among `known`, else the first of them: nothing of the plan
/// reaches libav's parser that isn't in this file.
std::string known_word(const std::string& word,
                       std::initializer_list<std::string_view> known) {
  auto found = std::find(known.begin(), known.end(), word);
  return std::string{found == known.end() ? *known.begin() : *found};
}

std::string matrix_word(const std::string& name) {
  return known_word(name, {"bt709", "fcc", "bt470bg", "smpte170m", "smpte240m",
                           "bt2020nc", "bt2020c"});
}

std::string primaries_word(const std::string& name) {
  return known_word(name,
                    {"bt709", "bt470m", "bt470bg", "smpte170m", "smpte240m",
                     "film", "bt2020", "smpte431", "smpte432"});
}

/// Transfers that the colorspace filter knows. The rest of SDR is near enough
/// to BT.709's curve to be shown as it.
std::string transfer_word(const std::string& name) {
  return known_word(name, {"bt709", "smpte170m", "smpte240m", "bt470m",
                           "bt470bg", "iec61966-2-1", "bt2020-10"});
}

std::string range_word(const std::string& name) {
  return known_word(name, {"tv", "pc"});
}

std::string scale_text(uint32_t width, uint32_t height, bool interlaced) {
  return "scale=w=" + number(width) + ":h=" + number(height) + ":flags=bicubic"
         + (interlaced ? ":interl=1" : "");
}

std::string turn_text(orientation turn) {
  switch (turn) {
    case orientation::rotate_90:
      return "transpose=clock";
    case orientation::rotate_180:
      return "hflip,vflip";
    case orientation::rotate_270:
      return "transpose=cclock";
    case orientation::mirror:
      return "hflip";
    case orientation::mirror_rotate_90:
      return "hflip,transpose=clock";
    case orientation::mirror_rotate_180:
      return "vflip";
    case orientation::mirror_rotate_270:
      return "hflip,transpose=cclock";
    default:
      return "null";
  }
}

bool turns_on_its_side(orientation turn) {
  return turn == orientation::rotate_90 || turn == orientation::rotate_270
         || turn == orientation::mirror_rotate_90
         || turn == orientation::mirror_rotate_270;
}

/// PQ and HLG to SDR: linear light at 100 cd/m2 for white, BT.709's gamut,
/// Hable's curve, which keeps shadows and rolls highlights off.
std::string tone_map_text(const color_description& from) {
  auto transfer = known_word(from.transfer, {"smpte2084", "arib-std-b67"});
  auto primaries =
      known_word(from.primaries, {"bt2020", "bt709", "smpte432", "smpte431"});
  auto matrix = known_word(from.matrix, {"bt2020nc", "bt2020c", "bt709"});
  auto range = known_word(from.range, {"tv", "pc"});
  return "zscale=tin=" + transfer + ":pin=" + primaries + ":min=" + matrix
         + ":rin=" + range
         + ":t=linear:npl=100,format=gbrpf32le,zscale=p=bt709,"
           "tonemap=tonemap=hable:desat=0,zscale=t=bt709:m=bt709:r=tv";
}

/// Formats that the colorspace filter takes.
std::string colorspace_format(const picture_shape& shape) {
  auto depth = shape.bit_depth > 10 ? "p12" : shape.bit_depth > 8 ? "p10" : "p";
  return "format=yuv" + shape.chroma + depth;
}

std::string to_bt709_text(const color_description& from,
                          const picture_shape& shape) {
  if (shape.rgb)
    return "scale=out_color_matrix=bt709:out_range=tv:flags=bicubic";
  auto matrix = matrix_word(from.matrix);
  auto primaries = primaries_word(from.primaries);
  auto range = range_word(from.range);
  if (primaries == "bt709" && matrix != "bt2020c")
    return "scale=in_color_matrix=" + (matrix == "bt2020nc" ? "bt2020" : matrix)
           + ":in_range=" + range
           + ":out_color_matrix=bt709:out_range=tv:flags=bicubic";
  auto space = matrix == "bt2020c" ? "bt2020ncl" : matrix;
  if (space == "bt2020nc")
    space = "bt2020ncl";
  return colorspace_format(shape) + ",colorspace=all=bt709:range=tv:ispace="
         + space + ":iprimaries=" + primaries
         + ":itrc=" + transfer_word(from.transfer) + ":irange=" + range;
}

/// Writes the steps of one chain and keeps track of the picture's shape.
class chain_writer {
public:
  chain_writer(picture_shape shape, std::string prefix)
      : shape_(std::move(shape)), prefix_(std::move(prefix)) {}

  void step(const filter_step& x) {
    switch (x.kind) {
      case filter_kind::orient:
        add(turn_text(x.turn));
        if (turns_on_its_side(x.turn))
          lay_on_its_side();
        break;
      case filter_kind::deinterlace:
        add("bwdif=mode=send_frame:deint=all");
        break;
      case filter_kind::crop:
        add("crop=w=" + number(x.width) + ":h=" + number(x.height)
            + ":x=0:y=0:exact=1");
        resize(x.width, x.height, false);
        break;
      case filter_kind::scale:
        add(scale_text(x.width, x.height, x.interlaced));
        resize(x.width, x.height, true);
        break;
      case filter_kind::tone_map:
        add(tone_map_text(x.from));
        break;
      case filter_kind::to_bt709:
        add(to_bt709_text(x.from, shape_));
        break;
      case filter_kind::blurred_background:
        background(x.width, x.height);
        break;
      case filter_kind::frame_rate:
        add("fps=eof_action=pass:fps=" + std::to_string(x.rate.num) + "/"
            + std::to_string(x.rate.den));
        break;
      case filter_kind::palette:
        palette();
        break;
    }
  }

  void add(const std::string& filter) {
    if (!text_.empty() && text_.back() != ']')
      text_ += ',';
    text_ += filter;
  }

  const std::string& text() const { return text_; }
  const picture_shape& shape() const { return shape_; }

private:
  void lay_on_its_side() {
    std::swap(shape_.width, shape_.height);
    if (shape_.sample_aspect.num > 0)
      std::swap(shape_.sample_aspect.num, shape_.sample_aspect.den);
  }

  void resize(uint32_t width, uint32_t height, bool keep_display_aspect) {
    if (keep_display_aspect && shape_.sample_aspect.num > 0 && width > 0
        && height > 0) {
      auto aspect = to_double(shape_.sample_aspect) * shape_.width
                    / shape_.height * height / width;
      shape_.sample_aspect = {static_cast<int32_t>(std::lround(aspect * 10000)),
                              10000};
    }
    shape_.width = width;
    shape_.height = height;
  }

  std::string label(const char* name) const {
    return "[" + prefix_ + name + "]";
  }

  /// The picture fitted into the frame over itself, enlarged to cover the frame
  /// and blurred. The blur works on an eighth of the size: nobody can tell, and
  /// it costs a sixty-fourth.
  void background(uint32_t width, uint32_t height) {
    auto aspect =
        shape_.sample_aspect.num > 0 ? to_double(shape_.sample_aspect) : 1.0;
    auto shown = aspect * shape_.width / std::max(shape_.height, 1u);
    auto frame = static_cast<double>(width) / height;
    auto even = [](double x) {
      return static_cast<uint32_t>(std::max(2.0, std::round(x / 2) * 2));
    };
    auto fit_width = shown > frame ? width : even(height * shown);
    auto fit_height = shown > frame ? even(width / shown) : height;
    auto cover_width =
        shown > frame ? even(height * shown / 8) : even(width / 8.0);
    auto cover_height =
        shown > frame ? even(height / 8.0) : even(width / shown / 8);
    add("split" + label("back") + label("front") + ";" + label("back")
        + scale_text(cover_width, cover_height, false)
        + ",crop=w=" + number(std::min(cover_width, even(width / 8.0))) + ":h="
        + number(std::min(cover_height, even(height / 8.0))) + ",gblur=sigma=6,"
        + scale_text(width, height, false) + ",setsar=1" + label("blurred")
        + ";" + label("front") + scale_text(fit_width, fit_height, false)
        + ",setsar=1" + label("fitted") + ";" + label("blurred")
        + label("fitted") + "overlay=x=(W-w)/2:y=(H-h)/2:format=auto");
    shape_.width = width;
    shape_.height = height;
    shape_.sample_aspect = {1, 1};
  }

  void palette() {
    add("split" + label("seen") + label("shown") + ";" + label("seen")
        + "palettegen" + label("colors") + ";" + label("shown")
        + label("colors") + "paletteuse");
  }

  picture_shape shape_;
  std::string prefix_;
  std::string text_;
};

filter_step scale_step(uint32_t width, uint32_t height) {
  filter_step result;
  result.kind = filter_kind::scale;
  result.width = width;
  result.height = height;
  return result;
}

} // namespace

std::string filter_text(const picture_shape& source, uint32_t planned_width,
                        uint32_t planned_height,
                        const std::vector<filter_step>& common,
                        const std::vector<const video_encode*>& outputs) {
  chain_writer trunk{source, "t"};
  if (planned_width > 0
      && (source.width != planned_width || source.height != planned_height))
    trunk.step(scale_step(planned_width, planned_height));
  for (auto& step : common)
    trunk.step(step);
  auto result = "[in]" + (trunk.text().empty() ? "null" : trunk.text());
  if (outputs.size() > 1) {
    result += ",split=" + number(outputs.size());
    for (size_t i = 0; i < outputs.size(); ++i)
      result += "[s" + number(i) + "]";
  }
  for (size_t i = 0; i < outputs.size(); ++i) {
    auto& output = *outputs[i];
    chain_writer branch{trunk.shape(), "b" + number(i)};
    for (auto& step : output.steps)
      branch.step(step);
    // A stream that changed its size in the middle still ends at this one.
    if (branch.shape().width != output.width
        || branch.shape().height != output.height)
      branch.step(scale_step(output.width, output.height));
    branch.add("format=" + output.pixel_format);
    result += outputs.size() > 1 ? ";[s" + number(i) + "]" : ",";
    result += branch.text() + "[out" + number(i) + "]";
  }
  return result;
}

} // namespace troupe::session
