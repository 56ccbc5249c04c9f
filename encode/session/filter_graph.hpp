#pragma once

#include <optional>
#include <string>
#include <vector>

#include "encode/session/av.hpp"
#include "messages/outcome.hpp"
#include "messages/plan.hpp"

namespace troupe::session {

/// What a call to libav's push-and-pull interfaces ended in.
enum class received { item, needs_input, finished };

/// A configured filter graph with one source and one or more sinks. Used by one
/// thread at a time.
class filter_graph {
public:
  /// The graph that the plan asks for, for pictures like `first`.
  /// @param planned_width size of the picture when the plan was made
  static outcome<filter_graph>
  open_video(const AVFrame& first, AVRational time_base, AVRational frame_rate,
             uint32_t planned_width, uint32_t planned_height,
             const std::vector<filter_step>& common,
             const std::vector<const video_encode*>& outputs);

  /// Converts sound like `first` to what an encoder wants.
  static outcome<filter_graph> open_audio(const AVFrame& first,
                                          AVRational time_base,
                                          const audio_encode& output);

  /// True when `frame` looks like the one that the graph was made for.
  bool fits(const AVFrame& frame) const;

  /// Gives a frame in; the graph takes over what it refers to. Null ends the
  /// input.
  outcome<void> push(AVFrame* frame);

  /// Takes a frame out of a sink.
  outcome<received> pull(size_t sink, AVFrame& frame);

  AVRational time_base(size_t sink) const;

private:
  static outcome<filter_graph> configure(graph_ptr graph,
                                         AVFilterContext* source,
                                         const std::string& text, size_t sinks);

  graph_ptr graph_;
  AVFilterContext* source_ = nullptr;   ///< owned by the graph
  std::vector<AVFilterContext*> sinks_; ///< owned by the graph
  int width_ = 0;
  int height_ = 0;
  int format_ = -1;
  int sample_rate_ = 0;
  std::string layout_;
};

} // namespace troupe::session
