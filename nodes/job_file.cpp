#include "nodes/job_file.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <set>
#include <utility>

#include "config/quantities.hpp"
#include "nodes/json.hpp"

namespace troupe {

namespace {

constexpr uint64_t most_pixels = 16384; // per side
constexpr uint64_t most_threads = 1024;
constexpr size_t most_renditions = 16;
constexpr size_t most_key_bytes = 200;

/// Reads the fields of an object until one is refused, then no more.
class object_reader {
public:
  /// @param path of the object, for refusals; "" for a file's only job
  object_reader(const json& object, std::string file, std::string path)
      : object_(object), file_(std::move(file)), path_(std::move(path)) {
    if (!object.is_object())
      refuse(path_, std::string{"is "} + object.type_name(),
             "an object is allowed");
  }

  void text(const char* key, std::string& to) {
    auto* value = find(key);
    if (value == nullptr)
      return;
    if (value->is_string())
      to = value->get<std::string>();
    else
      refuse(path_of(key), "is no text", "give it in quotes");
  }

  void flag(const char* key, bool& to) {
    auto* value = find(key);
    if (value == nullptr)
      return;
    if (value->is_boolean())
      to = value->get<bool>();
    else
      refuse(path_of(key), "is neither true nor false", "say one of them");
  }

  /// A number, or a text that `parse` takes. @returns true when it was there
  template <class T, class Parse>
  bool quantity(const char* key, T& to, Parse parse) {
    auto* value = find(key);
    if (value == nullptr)
      return false;
    return take(path_of(key), *value, to, parse);
  }

  /// A list of such.
  template <class T, class Parse>
  void quantities(const char* key, std::vector<T>& to, size_t most,
                  Parse parse) {
    auto* value = find(key);
    if (value == nullptr)
      return;
    if (!value->is_array() || value->size() > most)
      return refuse(path_of(key), "is no list, or too long",
                    "up to " + std::to_string(most) + " are allowed");
    for (size_t i = 0; i < value->size(); ++i)
      take(path_of(key) + '[' + std::to_string(i) + ']', (*value)[i],
           to.emplace_back(), parse);
  }

  /// The object with this name; null when there is none.
  const json* object(const char* key) { return find(key); }

  /// Refuses fields that nobody asked for.
  void finish() {
    if (!refused_ || !object_.is_object())
      return;
    for (const auto& field : object_.items())
      if (!known_.contains(field.key()))
        return refuse(path_of(field.key()), "is no known field",
                      "allowed are " + list_of_known());
  }

  void refuse(const std::string& path, std::string cause, std::string advice) {
    if (refused_)
      refused_ = failure{ec::usage, subject(path), std::move(cause),
                         std::move(advice)};
  }

  std::string path_of(const std::string& key) const {
    return path_.empty() ? key : path_ + '.' + key;
  }

  const outcome<void>& refused() const { return refused_; }

private:
  std::string subject(const std::string& path) const {
    return path.empty() ? file_ : file_ + ": " + path;
  }

  const json* find(const char* key) {
    known_.insert(key);
    if (!refused_ || !object_.is_object())
      return nullptr;
    auto found = object_.find(key);
    return found == object_.end() || found->is_null() ? nullptr : &*found;
  }

  template <class T, class Parse>
  bool take(const std::string& path, const json& value, T& to, Parse parse) {
    if (!value.is_number() && !value.is_string()) {
      refuse(path, "is neither a number nor text", "give a quantity");
      return false;
    }
    auto typed = value.is_string() ? value.get<std::string>() : value.dump();
    auto read = parse(subject(path), typed);
    if (read)
      to = static_cast<T>(*read);
    else if (refused_)
      refused_ = read.error();
    return bool{read};
  }

  std::string list_of_known() const {
    std::string result;
    for (const auto& x : known_)
      result += (result.empty() ? "" : ", ") + x;
    return result;
  }

  const json& object_;
  std::string file_;
  std::string path_;
  std::set<std::string> known_;
  outcome<void> refused_;
};

auto count(uint64_t low, uint64_t high) {
  return [=](std::string_view path, std::string_view text) {
    return parse_count(path, text, low, high);
  };
}

void read_operation(object_reader& reader, operation& to) {
  reader.text("preset", to.preset);
  reader.text("codec", to.codec);
  reader.text("encoder", to.encoder);
  to.has_crf = reader.quantity("crf", to.crf, parse_number);
  reader.quantity("bitrate", to.bit_rate, parse_bit_rate);
  reader.text("speed", to.speed);
  reader.quantity("width", to.width, count(1, most_pixels));
  reader.quantity("height", to.height, count(1, most_pixels));
  reader.quantity("fps", to.fps, parse_frame_rate);
  reader.text("audio_codec", to.audio_codec);
  reader.quantity("audio_bitrate", to.audio_bit_rate, parse_bit_rate);
  reader.text("container", to.container);
  reader.text("segment", to.segment);
  reader.quantity("threads", to.threads, count(1, most_threads));
  std::vector<uint32_t> heights;
  reader.quantities("renditions", heights, most_renditions, parse_rendition);
  for (auto height : heights)
    to.renditions.push_back({height});
  reader.finish();
}

outcome<job_request> read_request(const json& object, const std::string& file,
                                  const std::string& path) {
  job_request result;
  auto& spec = result.spec;
  object_reader reader{object, file, path};
  reader.text("input", spec.input);
  reader.text("output", spec.output);
  reader.text("name", spec.name);
  reader.quantity("priority", spec.priority, count(1, 10));
  reader.flag("replace", spec.replace);
  reader.quantity("stall_timeout", spec.stall_timeout_s, parse_patience);
  reader.quantity("timeout", spec.timeout_s, parse_duration);
  reader.text("key", result.key);
  if (result.key.size() > most_key_bytes)
    reader.refuse(reader.path_of("key"), "is too long",
                  "200 bytes are allowed");
  auto* what = reader.object("operation");
  reader.finish();
  if (spec.input.empty())
    reader.refuse(reader.path_of("input"), "is missing",
                  "name the file to encode");
  if (spec.output.empty())
    reader.refuse(reader.path_of("output"), "is missing",
                  "name the file to make");
  if (!reader.refused())
    return reader.refused().error();
  if (what == nullptr)
    return result;
  object_reader inner{*what, file, reader.path_of("operation")};
  read_operation(inner, spec.what);
  if (!inner.refused())
    return inner.refused().error();
  return result;
}

} // namespace

outcome<std::vector<job_request>> parse_job_file(const std::string& file,
                                                 std::string_view text) {
  if (text.size() > most_job_file_bytes)
    return failure{ec::usage, file, "it is too large",
                   "16 MiB are allowed; split it"};
  json document;
  try {
    document = json::parse(text);
  } catch (const json::parse_error& error) {
    return failure{ec::usage, file,
                   "it is no JSON, at byte " + std::to_string(error.byte),
                   "correct it there"};
  } catch (const json::exception&) {
    // Beside those that are no JSON, parsing refuses only such as 1e999.
    return failure{ec::usage, file, "a number in it is too large",
                   "make it smaller"};
  }
  std::vector<job_request> result;
  if (!document.is_array()) {
    auto request = read_request(document, file, "");
    if (!request)
      return request.error();
    result.push_back(std::move(*request));
    return result;
  }
  if (document.empty() || document.size() > most_job_file_jobs)
    return failure{
        ec::usage, file, "it has " + std::to_string(document.size()) + " jobs",
        "1 to " + std::to_string(most_job_file_jobs) + " are allowed"};
  for (size_t i = 0; i < document.size(); ++i) {
    auto request =
        read_request(document[i], file, '[' + std::to_string(i) + ']');
    if (!request)
      return request.error();
    result.push_back(std::move(*request));
  }
  return result;
}

outcome<std::vector<job_request>> read_job_file(const std::string& file) {
  errno = 0;
  std::ifstream stream{file, std::ios::binary};
  std::string text;
  // One byte more than allowed tells that it is too large, whatever it is.
  text.resize(most_job_file_bytes + 1);
  if (stream)
    stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!stream && (!stream.eof() || stream.bad()))
    return failure{ec::no_input, file,
                   errno != 0 ? std::strerror(errno) : "it can't be read",
                   "check path and rights"};
  text.resize(static_cast<size_t>(stream.gcount()));
  return parse_job_file(file, text);
}

} // namespace troupe
