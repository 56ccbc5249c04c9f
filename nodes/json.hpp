#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "encode/presets.hpp"
#include "messages/job.hpp"
#include "messages/media.hpp"
#include "messages/member.hpp"
#include "messages/profile.hpp"

/// The `--json` documents: views over the structs for machines. Fields may be
/// added, none renamed. Numbers are finite, rounded to a millionth.
namespace troupe {

/// Keeps its fields in the order in which they are put in.
using json = nlohmann::ordered_json;

/// A job as `encode`, and later `job` and `submit --wait`, show it.
json to_json(const job_report& report);

/// A row of `jobs`.
json to_json(const job_summary& job);

/// A row of `nodes`.
json to_json(const member& node);

/// A line of `logs`.
json to_json(const log_line& line);

/// What `inspect` shows.
/// @param file the path as it was given
json to_json(const std::string& file, const media_info& media);

/// What `probe` shows.
json to_json(const profile& machine);

/// What `encode --list-presets` shows.
json to_json(const std::vector<preset>& presets);

/// What a verb shows that failed before it had anything else to show:
/// {"error": {"code", "message"}}.
json to_json(const failure& error);

/// A number that JSON can hold: what isn't finite becomes 0.
double json_number(double value);

/// Key and value pairs as an object; of a key that occurs twice the first.
json to_json(const std::vector<tag>& tags);

/// The document as text, with a line end behind it. Always valid UTF-8: in
/// file names and tags, which may hold any bytes, what isn't becomes U+FFFD.
std::string to_text(const json& document);

/// The same in one line, for streams of documents.
std::string to_line(const json& document);

/// The documents of several things as one.
template <class T>
json to_array(const std::vector<T>& things) {
  auto result = json::array();
  for (const auto& x : things)
    result.push_back(to_json(x));
  return result;
}

} // namespace troupe
