#include "encode/picture.hpp"

#include <algorithm>
#include <cmath>

#include "encode/containers.hpp"
#include "encode/geometry.hpp"
#include "encode/pixel_format.hpp"
#include "encode/quality.hpp"

namespace troupe {

namespace {

/// Key frames of low rates come no nearer, of high rates no farther than this.
constexpr double least_gop = 12;
constexpr double most_gop = 600;

// -- size ---------------------------------------------------------------------

size_alignment alignment_of(const picture_job& job, const treatment& how) {
  auto color = shape_of_format(how.pixel_format).color;
  // Players decode 4:2:0 in hardware, which likes even sides whatever the
  // codec.
  auto universal = job.chosen && job.chosen->universal;
  if (!job.encoder.even_size && !universal)
    return {};
  size_alignment result;
  result.width = color == chroma::full ? 1 : 2;
  result.height = color == chroma::half_both ? 2 : 1;
  // Two fields, each of which wants whole chroma lines.
  if (!how.fields.empty())
    result.height *= 2;
  return result;
}

bool has_fixed_frame(const picture_job& job) {
  return job.chosen && job.chosen->fixed_frame;
}

picture_size fixed_frame(const picture_job& job) {
  const auto& asked = job.resolved;
  return {asked.width > 0 ? asked.width : job.chosen->box_width,
          asked.height > 0 ? asked.height : job.chosen->box_height,
          {1, 1}};
}

picture_size wanted_size(const picture_job& job, const picture_size& source,
                         const rendition* size) {
  if (size) {
    auto box = rendition_box(size->height);
    return fit_into_box(source, box.width, box.height);
  }
  if (has_fixed_frame(job))
    return fixed_frame(job);
  const auto& asked = job.resolved;
  if (asked.width > 0 || asked.height > 0)
    return resize(source, asked.width, asked.height);
  if (job.chosen && job.chosen->box_width > 0)
    return fit_into_box(source, job.chosen->box_width, job.chosen->box_height);
  return source;
}

std::string text(uint32_t width, uint32_t height) {
  return std::to_string(width) + "x" + std::to_string(height);
}

bool takes(const video_encoder& encoder, const picture_size& size) {
  return size.width >= encoder.min_width && size.height >= encoder.min_height
         && size.width <= encoder.max_width
         && size.height <= encoder.max_height;
}

/// "libaom-av1 or libvpx-vp9", those that take the size and fit the container.
std::string others_that_take(const picture_size& size,
                             const container_rules& rules) {
  std::vector<std::string_view> names;
  for (const auto& encoder : video_encoders())
    if (!encoder.hardware && holds(rules.video, encoder.codec)
        && takes(encoder, size))
      names.push_back(encoder.name);
  return listed(names, "or");
}

outcome<void> check_size(const picture_job& job, const picture_size& size) {
  const auto& encoder = job.encoder;
  if (takes(encoder, size))
    return {};
  std::string name{encoder.name};
  auto cause = name + " codes pictures from "
               + text(encoder.min_width, encoder.min_height) + " to "
               + text(encoder.max_width, encoder.max_height) + ", not "
               + text(size.width, size.height);
  auto rules = find_container(job.resolved.container);
  auto others = rules ? others_that_take(size, *rules) : "";
  auto advice = others.empty() ? "choose another --width or --height"
                               : "choose another --width or --height, or "
                                 "--encoder "
                                     + others;
  return failure{ec::impossible_job, describe(job.stream), cause, advice};
}

// -- steps --------------------------------------------------------------------

filter_step sized_step(filter_kind kind, const picture_size& size) {
  filter_step result;
  result.kind = kind;
  result.width = size.width;
  result.height = size.height;
  return result;
}

void add_first_steps(std::vector<filter_step>& steps, const treatment& how) {
  // Fields are lines: they must be gone before anything turns them.
  if (how.deinterlace)
    steps.push_back({.kind = filter_kind::deinterlace, .from = {}, .rate = {}});
  if (how.turn != orientation::upright)
    steps.push_back({.kind = filter_kind::orient,
                     .turn = how.turn,
                     .from = {},
                     .rate = {}});
}

void add_color_step(std::vector<filter_step>& steps, const treatment& how) {
  if (how.color == color_way::as_is)
    return;
  auto kind = how.color == color_way::tone_map ? filter_kind::tone_map
                                               : filter_kind::to_bt709;
  steps.push_back({.kind = kind, .from = how.from, .rate = {}});
}

void add_rate_step(std::vector<filter_step>& steps, const treatment& how) {
  if (how.timing.convert_to)
    steps.push_back({.kind = filter_kind::frame_rate,
                     .from = {},
                     .rate = *how.timing.convert_to});
}

/// Fewer frames are better picked before the work on them, more after it.
bool lowers_rate(const picture_job& job, const treatment& how) {
  auto rate = to_double(job.stream.frame_rate);
  return how.timing.convert_to
         && (rate <= 0 || to_double(*how.timing.convert_to) <= rate);
}

/// Whether the samples change their chroma on the way to the encoder, which
/// must happen field by field in pictures coded as such.
bool changes_chroma(const picture_job& job, const treatment& how) {
  return shape_of_format(job.stream.pixel_format).color
             != shape_of_format(how.pixel_format).color
         || job.stream.rgb;
}

/// The step that brings `from` to `to`; nothing when nothing is to be done.
void add_size_step(std::vector<filter_step>& steps, const picture_job& job,
                   const treatment& how, const picture_size& from,
                   const picture_size& to, bool cut) {
  auto same = from.width == to.width && from.height == to.height;
  if (has_fixed_frame(job)) {
    auto exact = std::abs(display_aspect(from) / display_aspect(to) - 1) < 1e-6;
    if (!exact)
      steps.push_back(sized_step(filter_kind::blurred_background, to));
    else if (!same)
      steps.push_back(sized_step(filter_kind::scale, to));
    return;
  }
  auto by_field = !how.fields.empty();
  if (same && !(by_field && changes_chroma(job, how)))
    return;
  auto step =
      sized_step(cut && !same ? filter_kind::crop : filter_kind::scale, to);
  step.interlaced = by_field && step.kind == filter_kind::scale;
  steps.push_back(step);
}

std::vector<filter_step> steps_of(const picture_job& job, const treatment& how,
                                  const picture_size& from,
                                  const picture_size& to, bool cut,
                                  bool shared) {
  std::vector<filter_step> steps;
  auto larger =
      uint64_t{to.width} * to.height >= uint64_t{from.width} * from.height;
  auto early = lowers_rate(job, how);
  if (!shared) {
    add_first_steps(steps, how);
    if (early)
      add_rate_step(steps, how);
    // Colours are converted where there are fewer pixels.
    if (larger)
      add_color_step(steps, how);
  }
  add_size_step(steps, job, how, from, to, cut);
  if (!shared) {
    if (!larger)
      add_color_step(steps, how);
    if (!early)
      add_rate_step(steps, how);
  }
  if (job.encoder.codec == "gif")
    steps.push_back({.kind = filter_kind::palette, .from = {}, .rate = {}});
  return steps;
}

// -- settings -----------------------------------------------------------------

uint32_t gop_of(const picture_job& job, rational rate) {
  if (job.encoder.gop_seconds <= 0 || rate.num <= 0)
    return 0;
  auto frames = job.encoder.gop_seconds * to_double(rate);
  return static_cast<uint32_t>(
      std::lround(std::clamp(frames, least_gop, most_gop)));
}

uint32_t threads_of(const picture_job& job) {
  if (job.resolved.threads > 0)
    return job.resolved.threads;
  return std::clamp(job.context.threads, 1u, job.encoder.max_threads);
}

/// A preset's quality and speed are meant for its codec's first encoder; where
/// another stands in, that one's own defaults serve better.
operation settings_for(const picture_job& job) {
  auto result = job.resolved;
  auto encoders = encoders_of(job.encoder.codec);
  if (encoders.empty() || encoders.front()->name == job.encoder.name)
    return result;
  result.has_crf = job.asked.has_crf;
  result.crf = job.asked.crf;
  result.speed = job.asked.speed;
  return result;
}

/// Players guess the colours of unlabelled pictures from their size; where this
/// changes, the guess for the source is written down.
color_description label_of(const picture_job& job, const treatment& how,
                           bool scaled) {
  auto result = how.label;
  if (!scaled || how.color != color_way::as_is || job.encoder.codec == "gif")
    return result;
  if (result.matrix.empty())
    result.matrix = how.from.matrix;
  if (result.primaries.empty())
    result.primaries = how.from.primaries;
  return result;
}

} // namespace

std::vector<filter_step> shared_steps(const treatment& how) {
  std::vector<filter_step> steps;
  add_first_steps(steps, how);
  add_rate_step(steps, how);
  add_color_step(steps, how);
  return steps;
}

outcome<video_encode> plan_picture(const picture_job& job, const treatment& how,
                                   const rendition* size, bool shared,
                                   notes& told) {
  auto from = upright_size(job.stream);
  auto wanted = wanted_size(job, from, size);
  auto to = align(wanted, alignment_of(job, how));
  auto asked = job.resolved.width > 0 || job.resolved.height > 0;
  if (asked && to != wanted)
    told.warn(text(wanted.width, wanted.height) + " made "
              + text(to.width, to.height) + ", as "
              + std::string{job.encoder.name} + " wants even sides");
  if (auto fits = check_size(job, to); !fits)
    return fits.error();
  // Odd lines are cut off rather than scaled away; a single one is doubled.
  auto cut =
      wanted == from && to.width <= from.width && to.height <= from.height;
  auto scaled = !cut && (to.width != from.width || to.height != from.height);
  video_encode result;
  result.encoder = job.encoder.name;
  result.threads = threads_of(job);
  result.bit_rate = job.resolved.bit_rate;
  result.options = encoder_options(job.encoder, settings_for(job),
                                   {result.threads, how.pixel_format,
                                    how.keep_hdr ? &job.stream.hdr : nullptr});
  result.gop_size = gop_of(job, how.timing.frame_rate);
  result.steps = steps_of(job, how, from, to, cut, shared);
  result.width = to.width;
  result.height = to.height;
  result.sample_aspect = to.sample_aspect;
  result.pixel_format = how.pixel_format;
  result.frame_rate = how.timing.frame_rate;
  result.time_base = how.timing.time_base;
  result.color = label_of(job, how, scaled);
  result.keep_hdr = how.keep_hdr;
  result.field_order = how.fields;
  return result;
}

} // namespace troupe
