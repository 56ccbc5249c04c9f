#include "encode/treatment.hpp"

#include "encode/color.hpp"
#include "encode/containers.hpp"
#include "encode/pixel_format.hpp"

namespace troupe {

namespace {

bool is_universal(const picture_job& job) {
  return job.chosen && job.chosen->universal;
}

bool is_gif(const picture_job& job) {
  return job.encoder.codec == "gif";
}

std::string name_of(const picture_job& job) {
  return std::string{job.encoder.name};
}

// -- fields -------------------------------------------------------------------

/// Fields survive an encoder that can code them, as long as nothing turns their
/// lines or picks frames.
void decide_fields(const picture_job& job, treatment& result, notes& told) {
  const auto& order = job.stream.field_order;
  if (order != "tff" && order != "bff")
    return;
  auto frame_fixed = job.chosen && job.chosen->fixed_frame;
  if (job.encoder.interlaced && !is_universal(job) && !frame_fixed
      && result.turn == orientation::upright && !result.timing.convert_to) {
    result.fields = order;
    return;
  }
  result.deinterlace = true;
  told.drop("field order of " + describe(job.stream) + ", " + order,
            "made progressive");
}

void decide_turn(const picture_job& job, treatment& result, notes& told) {
  if (job.stream.turn != orientation::other)
    result.turn = job.stream.turn;
  else
    told.drop("orientation of " + describe(job.stream),
              "its matrix is no turn by a multiple of 90 degrees");
}

// -- colour -------------------------------------------------------------------

/// Whether samples must go through a conversion that knows their matrix and
/// range, although the colours may stay what they are.
bool needs_conversion(const picture_job& job, const color_description& full) {
  const auto& stream = job.stream;
  if (is_gif(job))
    return false;
  auto aliased = stream.pixel_format.starts_with("yuvj");
  auto takes_alias = holds(job.encoder.pixel_formats, stream.pixel_format);
  return stream.rgb || is_gray(stream) || (aliased && !takes_alias)
         || (full.range == "pc" && !job.encoder.full_range);
}

color_way way_of(const picture_job& job, const color_description& full,
                 notes& told) {
  if (is_hdr(job.stream)) {
    if (is_universal(job))
      return color_way::tone_map;
    if (deepest(job.encoder) >= 10)
      return color_way::as_is;
    told.warn(name_of(job) + " codes 8 bits, too few for HDR: tone-mapped");
    return color_way::tone_map;
  }
  if (is_universal(job) ? !is_bt709(full) : needs_conversion(job, full))
    return color_way::to_bt709;
  return color_way::as_is;
}

void decide_color(const picture_job& job, treatment& result, notes& told) {
  auto full = full_color(job.stream);
  result.color = way_of(job, full, told);
  result.from = full;
  if (is_gif(job))
    result.label = {};
  else if (result.color != color_way::as_is || is_universal(job))
    result.label = bt709_color();
  else {
    result.label = job.stream.color;
    if (full.range == "pc")
      result.label.range = full.range;
  }
  const auto& hdr = job.stream.hdr;
  auto has_metadata = hdr.has_mastering || hdr.has_light_level;
  if (result.color != color_way::tone_map)
    result.keep_hdr = has_metadata;
  else
    told.drop("HDR of " + describe(job.stream) + ", " + full.transfer,
              "tone-mapped to BT.709");
}

// -- samples ------------------------------------------------------------------

void note_losses(const picture_job& job, const std::string& format,
                 notes& told) {
  auto from = shape_of_stream(job.stream);
  auto to = shape_of_format(format);
  auto coder = name_of(job) + " codes ";
  if (to.depth < from.depth)
    told.warn(describe(job.stream) + ": " + std::to_string(from.depth)
              + " bits become " + std::to_string(to.depth) + ", the most that "
              + coder + "here");
  if (to.color < from.color && !job.stream.rgb)
    told.warn(describe(job.stream) + ": " + to_string(from.color) + " becomes "
              + to_string(to.color) + ", the most that " + coder + "here");
}

void decide_format(const picture_job& job, treatment& result, notes& told) {
  if (is_universal(job)) {
    result.pixel_format = "yuv420p";
  } else {
    result.pixel_format = nearest_format(
        job.encoder, job.context.encoder.pixel_formats, job.stream);
    if (!is_gif(job))
      note_losses(job, result.pixel_format, told);
  }
  if (job.stream.alpha && !shape_of_format(result.pixel_format).alpha
      && !is_gif(job))
    told.drop("alpha channel of " + describe(job.stream),
              result.pixel_format + " has none");
}

// -- what rides along ---------------------------------------------------------

void note_side_data(const picture_job& job, notes& told) {
  if (job.stream.dolby_vision)
    told.drop("Dolby Vision metadata of " + describe(job.stream),
              "it belongs to the source's own bitstream");
  if (job.stream.closed_captions && !job.encoder.captions)
    told.drop("closed captions of " + describe(job.stream),
              name_of(job) + " doesn't carry them");
}

} // namespace

treatment decide_treatment(const picture_job& job, notes& told) {
  treatment result;
  result.timing =
      decide_timing(job.stream, job.media.start_s, job.media.duration_s,
                    job.resolved.fps, job.encoder.name);
  if (result.timing.capped)
    told.warn(std::string{job.encoder.codec}
              + " shows no more than 50 frames per second: made 50");
  decide_turn(job, result, told);
  decide_fields(job, result, told);
  decide_color(job, result, told);
  decide_format(job, result, told);
  note_side_data(job, told);
  return result;
}

} // namespace troupe
