#include "encode/session/filter_graph.hpp"

#include "encode/session/filter_text.hpp"

extern "C" {
#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>
#include <libavutil/channel_layout.h>
#include <libavutil/pixdesc.h>
}

namespace troupe::session {

namespace {

struct in_out_deleter {
  void operator()(AVFilterInOut* x) const noexcept { avfilter_inout_free(&x); }
};
using in_out_ptr = std::unique_ptr<AVFilterInOut, in_out_deleter>;

struct parameters_deleter {
  void operator()(AVBufferSrcParameters* x) const noexcept { av_free(x); }
};
using parameters_ptr =
    std::unique_ptr<AVBufferSrcParameters, parameters_deleter>;

graph_ptr make_graph() {
  graph_ptr result{avfilter_graph_alloc()};
  if (!result)
    throw std::bad_alloc{};
  return result;
}

picture_shape shape_of(const AVFrame& frame) {
  picture_shape result;
  result.width = static_cast<uint32_t>(frame.width);
  result.height = static_cast<uint32_t>(frame.height);
  result.sample_aspect = from_av(frame.sample_aspect_ratio);
  auto format = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(frame.format));
  if (!format)
    return result;
  result.rgb =
      (format->flags & (AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL)) != 0;
  result.bit_depth = static_cast<uint32_t>(format->comp[0].depth);
  result.chroma = format->log2_chroma_w == 0   ? "444"
                  : format->log2_chroma_h == 0 ? "422"
                                               : "420";
  return result;
}

/// Makes the graph's source. `name` is libav's: "buffer" or "abuffer".
outcome<AVFilterContext*> make_source(AVFilterGraph& graph, const char* name,
                                      AVBufferSrcParameters& parameters) {
  auto source =
      avfilter_graph_alloc_filter(&graph, avfilter_get_by_name(name), "in");
  if (!source)
    throw std::bad_alloc{};
  if (auto rc = av_buffersrc_parameters_set(source, &parameters); rc < 0)
    return av_failure(rc, "av_buffersrc_parameters_set", name, ec::internal);
  if (auto rc = avfilter_init_str(source, nullptr); rc < 0)
    return av_failure(rc, "avfilter_init_str", name, ec::bad_input);
  return source;
}

parameters_ptr make_parameters() {
  parameters_ptr result{av_buffersrc_parameters_alloc()};
  if (!result)
    throw std::bad_alloc{};
  return result;
}

/// The frame's layout, or the usual one of so many channels when a file leaves
/// it open.
std::string layout_name(const AVFrame& frame) {
  if (frame.ch_layout.nb_channels == 0)
    return "";
  AVChannelLayout layout{};
  if (frame.ch_layout.order == AV_CHANNEL_ORDER_UNSPEC)
    av_channel_layout_default(&layout, frame.ch_layout.nb_channels);
  else if (av_channel_layout_copy(&layout, &frame.ch_layout) < 0)
    throw std::bad_alloc{};
  char name[128] = {};
  av_channel_layout_describe(&layout, name, sizeof(name));
  av_channel_layout_uninit(&layout);
  return name;
}

} // namespace

outcome<filter_graph> filter_graph::configure(graph_ptr graph,
                                              AVFilterContext* source,
                                              const std::string& text,
                                              size_t sinks) {
  filter_graph result;
  result.source_ = source;
  in_out_ptr inputs;
  in_out_ptr outputs{avfilter_inout_alloc()};
  if (!outputs)
    throw std::bad_alloc{};
  outputs->name = av_strdup("in");
  outputs->filter_ctx = source;
  auto video = std::string_view{source->filter->name} == "buffer";
  auto sink_filter = avfilter_get_by_name(video ? "buffersink" : "abuffersink");
  for (auto i = sinks; i-- > 0;) {
    auto name = "out" + std::to_string(i);
    AVFilterContext* sink = nullptr;
    if (auto rc = avfilter_graph_create_filter(&sink, sink_filter, name.c_str(),
                                               nullptr, nullptr, graph.get());
        rc < 0)
      return av_failure(rc, "avfilter_graph_create_filter", name, ec::internal);
    result.sinks_.insert(result.sinks_.begin(), sink);
    in_out_ptr end{avfilter_inout_alloc()};
    if (!end)
      throw std::bad_alloc{};
    end->name = av_strdup(name.c_str());
    end->filter_ctx = sink;
    end->next = inputs.release();
    inputs = std::move(end);
  }
  auto raw_inputs = inputs.release();
  auto raw_outputs = outputs.release();
  auto rc = avfilter_graph_parse_ptr(graph.get(), text.c_str(), &raw_inputs,
                                     &raw_outputs, nullptr);
  inputs.reset(raw_inputs);
  outputs.reset(raw_outputs);
  if (rc < 0)
    return av_failure(rc, "avfilter_graph_parse_ptr", text, ec::internal);
  rc = avfilter_graph_config(graph.get(), nullptr);
  if (rc < 0)
    return av_failure(rc, "avfilter_graph_config", text, ec::bad_input);
  result.graph_ = std::move(graph);
  return result;
}

outcome<filter_graph>
filter_graph::open_video(const AVFrame& first, AVRational time_base,
                         AVRational frame_rate, uint32_t planned_width,
                         uint32_t planned_height,
                         const std::vector<filter_step>& common,
                         const std::vector<const video_encode*>& outputs) {
  auto graph = make_graph();
  auto parameters = make_parameters();
  parameters->format = first.format;
  parameters->width = first.width;
  parameters->height = first.height;
  parameters->time_base = time_base;
  parameters->sample_aspect_ratio = first.sample_aspect_ratio;
  if (frame_rate.num > 0)
    parameters->frame_rate = frame_rate;
  auto source = make_source(*graph, "buffer", *parameters);
  if (!source)
    return source.error();
  auto text = filter_text(shape_of(first), planned_width, planned_height,
                          common, outputs);
  auto result = configure(std::move(graph), *source, text, outputs.size());
  if (!result)
    return result;
  result->width_ = first.width;
  result->height_ = first.height;
  result->format_ = first.format;
  return result;
}

outcome<filter_graph> filter_graph::open_audio(const AVFrame& first,
                                               AVRational time_base,
                                               const audio_encode& output) {
  auto graph = make_graph();
  // The layout goes in by name: 5.1's parameter struct only knows masks.
  auto arguments =
      "time_base=" + std::to_string(time_base.num) + "/"
      + std::to_string(time_base.den)
      + ":sample_rate=" + std::to_string(first.sample_rate) + ":sample_fmt="
      + av_get_sample_fmt_name(static_cast<AVSampleFormat>(first.format))
      + ":channel_layout=" + layout_name(first);
  AVFilterContext* source = nullptr;
  if (auto rc = avfilter_graph_create_filter(
          &source, avfilter_get_by_name("abuffer"), "in", arguments.c_str(),
          nullptr, graph.get());
      rc < 0)
    return av_failure(rc, "avfilter_graph_create_filter", arguments,
                      ec::bad_input);
  auto text = "[in]aresample=" + std::to_string(output.sample_rate)
              + ",aformat=sample_fmts=" + output.sample_format
              + ":channel_layouts=" + output.channel_layout + "[out0]";
  auto result = configure(std::move(graph), source, text, 1);
  if (!result)
    return result;
  result->format_ = first.format;
  result->sample_rate_ = first.sample_rate;
  result->layout_ = layout_name(first);
  return result;
}

bool filter_graph::fits(const AVFrame& frame) const {
  return frame.format == format_ && frame.width == width_
         && frame.height == height_ && frame.sample_rate == sample_rate_
         && layout_name(frame) == layout_;
}

outcome<void> filter_graph::push(AVFrame* frame) {
  if (auto rc = av_buffersrc_add_frame_flags(source_, frame, 0);
      rc < 0 && rc != AVERROR_EOF)
    return av_failure(rc, "av_buffersrc_add_frame", "", ec::internal);
  return {};
}

outcome<received> filter_graph::pull(size_t sink, AVFrame& frame) {
  switch (auto rc = av_buffersink_get_frame(sinks_[sink], &frame); rc) {
    case AVERROR(EAGAIN):
      return received::needs_input;
    case AVERROR_EOF:
      return received::finished;
    default:
      if (rc >= 0)
        return received::item;
      return av_failure(rc, "av_buffersink_get_frame", "", ec::internal);
  }
}

AVRational filter_graph::time_base(size_t sink) const {
  return av_buffersink_get_time_base(sinks_[sink]);
}

} // namespace troupe::session
