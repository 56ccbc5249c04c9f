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
  std::string_view name = {};  ///< ours, as --container takes it
  std::string_view muxer = {}; ///< libav's
  std::vector<std::string_view> extensions = {}; ///< without the dot
  // Codecs it can hold in libav's names, those that can only be copied
  // included. The first is what streams are encoded to when nobody says more.
  std::vector<std::string_view> video = {}; ///< empty: holds sound only
  std::vector<std::string_view> audio = {};
  std::vector<std::string_view> subtitles = {};
  /// Codec that text is converted to; "" when it holds no text.
  std::string_view text_subtitles = {};
  bool many_audio = true; ///< more than one audio stream
  bool chapters = false;
  bool attachments = false;
  bool cover_art = false;
  bool display_matrix = false; ///< can say "turn this picture when showing"
  std::vector<option> options = {}; ///< for its muxer
};

const std::vector<container_rules>& containers();

/// By our name; null when there is none.
const container_rules* find_container(std::string_view name);

/// By the extension of an output path; null when it is none of ours.
const container_rules* container_of_path(std::string_view path);

/// True when `codec` is among `codecs`, the list of a container. "pcm" stands
/// for any PCM that we can encode.
bool holds(const std::vector<std::string_view>& codecs, std::string_view codec);

/// The containers that hold the codec, for people: "webm, mkv or mp4"; "" when
/// none of ours does.
std::string containers_with(std::string_view codec);

/// "a, b or c" with `last` instead of "or"; for messages.
std::string listed(const std::vector<std::string_view>& names,
                   std::string_view last);

} // namespace troupe
