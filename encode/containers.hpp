#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "messages/media.hpp"
#include "messages/plan.hpp"

namespace troupe {

/// What a container can hold. Data, compiled in: containers.cpp; every entry
/// was tried with the muxer.
struct container_rules {
  std::string_view name;  ///< ours, as --container takes it
  std::string_view muxer; ///< libav's
  std::vector<std::string_view> extensions; ///< without the dot
  std::vector<std::string_view> video; ///< codecs, the default first
  std::vector<std::string_view> audio; ///< codecs, the default first
  std::vector<std::string_view> subtitles; ///< codecs it can hold
  std::string_view text_subtitles; ///< codec that text is converted to; or ""
  bool many_audio = true;  ///< more than one audio stream
  bool chapters = false;
  bool attachments = false;
  bool cover_art = false;
  bool display_matrix = false; ///< can say "turn this picture when showing"
  std::vector<option> options; ///< for its muxer
};

const std::vector<container_rules>& containers();

/// By our name; null when there is none.
const container_rules* find_container(std::string_view name);

/// By the extension of an output path; null when it is none of ours.
const container_rules* container_of_path(std::string_view path);

} // namespace troupe
