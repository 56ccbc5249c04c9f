#include "encode/verification.hpp"

#include <algorithm>

#include "encode/tally_check.hpp"

namespace troupe {

namespace {

using lines = std::vector<std::string>;

const stream_tally* tally_of(const std::vector<stream_tally>& tallies,
                             uint32_t source, stream_kind kind) {
  auto found = std::ranges::find_if(tallies, [&](const auto& tally) {
    return tally.source == source && tally.kind == kind;
  });
  return found == tallies.end() ? nullptr : &*found;
}

bool has_step(const std::vector<filter_step>& steps, filter_kind kind) {
  return std::ranges::find(steps, kind, &filter_step::kind) != steps.end();
}

/// Whether the output has another frame for each frame of the source.
bool changes_rate(const encode_plan& plan, const stream_plan& stream) {
  return has_step(plan.common_steps, filter_kind::frame_rate)
         || has_step(stream.video.steps, filter_kind::frame_rate);
}

/// A damaged source is encoded as far as it goes, and this said.
void note_damage(const encode_report& report, lines& warnings) {
  for (const auto& tally : report.source)
    if (tally.errors > 0)
      warnings.push_back(describe(tally) + ": " + std::to_string(tally.errors)
                         + " of " + std::to_string(tally.packets)
                         + " packets could not be decoded; what they held is "
                           "missing");
}

/// A file that ends behind its index, or pictures of which none came out, are
/// no source.
outcome<void> check_source(const encode_plan& plan,
                           const encode_report& report) {
  auto is_empty = [](const stream_tally& tally) { return tally.packets == 0; };
  if (std::ranges::all_of(report.source, is_empty))
    return failure{ec::bad_input, "input",
                   "it names streams and holds no packet of them",
                   "it was cut off: repair or replace the file"};
  for (const auto& stream : plan.outputs.front().streams) {
    if (stream.action != stream_action::encode
        || stream.kind != stream_kind::video)
      continue;
    auto tally = tally_of(report.source, stream.source, stream.kind);
    if (!tally || tally->frames > 0)
      continue;
    return failure{ec::bad_input, describe(*tally),
                   "none of its " + std::to_string(tally->packets)
                       + " packets could be decoded",
                   "repair or replace the file"};
  }
  return {};
}

/// Cover art comes back as a stream or as an attachment, as the demuxer likes.
bool is_cover(const stream_plan& stream) {
  return stream.action == stream_action::attach
         || stream.kind == stream_kind::attachment;
}

void check_attachments(const output_plan& plan, const output_report& found,
                       lines& wrong) {
  auto promised = std::ranges::count_if(plan.streams, is_cover);
  auto there =
      static_cast<int64_t>(found.attachments)
      + std::ranges::count_if(
          found.streams,
          [](const auto& tally) { return tally.kind == stream_kind::video; })
      - std::ranges::count_if(plan.streams, [](const auto& stream) {
          return stream.kind == stream_kind::video
                 && stream.action != stream_action::attach;
        });
  if (promised > 0 && there < promised)
    wrong.push_back("of " + std::to_string(promised) + " attachments "
                    + std::to_string(std::max<int64_t>(there, 0))
                    + " are there");
}

/// Compares the streams of one output; returns those that line up in time.
std::vector<matched_stream> check_streams(const encode_plan& plan,
                                          const output_plan& output,
                                          const encode_report& report,
                                          const output_report& found,
                                          lines& wrong, lines& warnings) {
  std::vector<matched_stream> result;
  for (const auto& stream : output.streams) {
    if (is_cover(stream))
      continue;
    matched_stream match{stream, changes_rate(plan, stream),
                         tally_of(report.source, stream.source, stream.kind),
                         tally_of(found.streams, stream.source, stream.kind)};
    check_presence(match, output.container, wrong, warnings);
    if (!match.source || !match.result)
      continue;
    check_frames(match, wrong, warnings);
    if (match.source->timed && match.result->timed)
      result.push_back(match);
  }
  return result;
}

void check_output(const encode_plan& plan, const output_plan& output,
                  const encode_report& report, const output_report& found,
                  lines& wrong, lines& warnings) {
  if (found.size_bytes == 0)
    wrong.push_back("the file is empty");
  lines off;
  auto timed = check_streams(plan, output, report, found, wrong, warnings);
  for (const auto& match : timed)
    check_duration(match, off, warnings);
  check_sync(timed, off, warnings);
  // Where the source is damaged its own times are guesses.
  auto damaged = std::ranges::any_of(
      report.source, [](const auto& tally) { return tally.errors > 0; });
  auto& to = damaged ? warnings : wrong;
  to.insert(to.end(), off.begin(), off.end());
  if (output.chapters && found.chapters == 0)
    wrong.push_back("the chapters are missing");
  check_attachments(output, found, wrong);
}

std::string joined(const lines& all) {
  std::string result;
  for (const auto& line : all)
    result += result.empty() ? line : "; " + line;
  return result;
}

} // namespace

outcome<std::vector<std::string>> verify(const encode_plan& plan,
                                         const encode_report& report) {
  if (plan.outputs.empty() || plan.outputs.size() != report.outputs.size())
    return failure{ec::verification_failed, "result",
                   std::to_string(report.outputs.size()) + " files instead of "
                       + std::to_string(plan.outputs.size()),
                   "report this"};
  if (auto usable = check_source(plan, report); !usable)
    return usable.error();
  lines warnings;
  note_damage(report, warnings);
  for (size_t i = 0; i < plan.outputs.size(); ++i) {
    lines wrong;
    check_output(plan, plan.outputs[i], report, report.outputs[i], wrong,
                 warnings);
    if (!wrong.empty())
      return failure{ec::verification_failed,
                     "result " + plan.outputs[i].container, joined(wrong),
                     "report this, with the file if you can"};
  }
  return warnings;
}

} // namespace troupe
