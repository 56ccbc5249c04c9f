#include "actors/journal_payload.hpp"

#include <cmath>
#include <cstdint>
#include <type_traits>
#include <utility>

#include <nlohmann/json.hpp>

#include "actors/journal_text.hpp"
#include "encode/record.hpp"

namespace troupe {

namespace {

using json = nlohmann::json;

// The fields of every payload, once for both directions. `always` marks those
// whose default is something, so that nothing can be told from it.

template <class Visitor>
void visit_fields(Visitor& v, rendition& x) {
  v("height", x.height);
}

template <class Visitor>
void visit_fields(Visitor& v, rational& x) {
  v("num", x.num);
  v.always("den", x.den);
}

template <class Visitor>
void visit_fields(Visitor& v, operation& x) {
  v("preset", x.preset);
  v("codec", x.codec);
  v("encoder", x.encoder);
  v("has_crf", x.has_crf);
  v("crf", x.crf);
  v("bit_rate", x.bit_rate);
  v("speed", x.speed);
  v("width", x.width);
  v("height", x.height);
  v("fps", x.fps);
  v("audio_codec", x.audio_codec);
  v("audio_bit_rate", x.audio_bit_rate);
  v("container", x.container);
  v("segment", x.segment);
  v("threads", x.threads);
  v("renditions", x.renditions);
}

template <class Visitor>
void visit_fields(Visitor& v, job_spec& x) {
  v("input", x.input);
  v("output", x.output);
  v("operation", x.what);
  v("priority", x.priority);
  v("replace", x.replace);
  v.always("stall_timeout_s", x.stall_timeout_s);
  v("timeout_s", x.timeout_s);
}

template <class Visitor>
void visit_fields(Visitor& v, failure& x) {
  v("code", x.code);
  v("subject", x.subject);
  v("cause", x.cause);
  v("advice", x.advice);
}

template <class Visitor>
void visit_fields(Visitor& v, output_file& x) {
  v("path", x.path);
  v("size_bytes", x.size_bytes);
  v("sha256", x.sha256);
  v("width", x.width);
  v("height", x.height);
}

template <class Visitor>
void visit_fields(Visitor& v, job_result& x) {
  v("outputs", x.outputs);
  v("frames", x.frames);
  v("duration_s", x.duration_s);
  v("wall_s", x.wall_s);
  v("speed", x.speed);
  v("fps", x.fps);
  v("dropped", x.dropped);
  v("warnings", x.warnings);
}

class object_writer {
public:
  template <class T>
  void operator()(const char* name, T& field) {
    auto value = to_json(field);
    if (!value.is_null())
      object_[name] = std::move(value);
  }

  template <class T>
  void always(const char* name, T& field) {
    object_[name] = field;
  }

  json take() { return std::move(object_); }

  /// Null stands for what needs not be written.
  template <class T>
  static json to_json(T& x) {
    if constexpr (std::is_same_v<T, double>) {
      return x == 0 || !std::isfinite(x) ? json{} : json(x);
    } else if constexpr (std::is_arithmetic_v<T>) {
      return x == T{} ? json{} : json(x);
    } else if constexpr (std::is_same_v<T, ec>) {
      return json(to_string(x));
    } else if constexpr (std::is_same_v<T, std::string>) {
      return x.empty() ? json{} : text_to_json(x);
    } else {
      return struct_or_list_to_json(x);
    }
  }

  static json text_to_json(const std::string& x) {
    if (is_utf8(x))
      return json(x);
    auto bytes = json::array();
    for (auto byte : x)
      bytes.push_back(static_cast<uint8_t>(byte));
    return {{"bytes", std::move(bytes)}};
  }

private:
  template <class T>
  static json struct_or_list_to_json(std::vector<T>& xs) {
    if (xs.empty())
      return {};
    auto result = json::array();
    for (auto& x : xs) {
      // Every element has its place, even one that holds nothing.
      auto element = to_json(x);
      if (element.is_null())
        element = std::is_same_v<T, std::string> ? json("") : json::object();
      result.push_back(std::move(element));
    }
    return result;
  }

  template <class T>
  static json struct_or_list_to_json(T& x) {
    if (x == T{})
      return {};
    object_writer fields;
    visit_fields(fields, x);
    return fields.take();
  }

  json object_ = json::object();
};

class object_reader {
public:
  explicit object_reader(const json& object) : object_(object) {
    good_ = object.is_object();
  }

  template <class T>
  void operator()(const char* name, T& field) {
    if (!good_)
      return;
    if (auto found = object_.find(name); found != object_.end())
      good_ = from_json(*found, field);
  }

  template <class T>
  void always(const char* name, T& field) {
    (*this)(name, field);
  }

  bool good() const { return good_; }

  template <class T>
  static bool from_json(const json& value, T& x) {
    if constexpr (std::is_same_v<T, bool>) {
      return value.is_boolean() && (value.get_to(x), true);
    } else if constexpr (std::is_same_v<T, double>) {
      return value.is_number() && (value.get_to(x), true);
    } else if constexpr (std::is_integral_v<T>) {
      return integer_from_json(value, x);
    } else if constexpr (std::is_same_v<T, ec>) {
      return code_from_json(value, x);
    } else if constexpr (std::is_same_v<T, std::string>) {
      return text_from_json(value, x);
    } else {
      return struct_or_list_from_json(value, x);
    }
  }

private:
  template <class T>
  static bool integer_from_json(const json& value, T& x) {
    if (value.is_number_unsigned()) {
      auto number = value.get<uint64_t>();
      x = static_cast<T>(number);
      return std::in_range<T>(number);
    }
    if (!value.is_number_integer())
      return false;
    auto number = value.get<int64_t>();
    x = static_cast<T>(number);
    return std::in_range<T>(number);
  }

  static bool code_from_json(const json& value, ec& x) {
    if (!value.is_string())
      return false;
    const auto& name = value.get_ref<const std::string&>();
    x = ec_from_string(name);
    if (x == ec::none && name != to_string(ec::none))
      x = ec::internal;
    return true;
  }

  static bool text_from_json(const json& value, std::string& x) {
    if (value.is_string()) {
      x = value.get_ref<const std::string&>();
      return true;
    }
    if (!value.is_object() || !value.contains("bytes")
        || !value["bytes"].is_array())
      return false;
    x.clear();
    for (const auto& byte : value["bytes"]) {
      uint8_t number = 0;
      if (!integer_from_json(byte, number))
        return false;
      x.push_back(static_cast<char>(number));
    }
    return true;
  }

  template <class T>
  static bool struct_or_list_from_json(const json& value, std::vector<T>& xs) {
    if (!value.is_array())
      return false;
    xs.clear();
    for (const auto& element : value)
      if (!from_json(element, xs.emplace_back()))
        return false;
    return true;
  }

  template <class T>
  static bool struct_or_list_from_json(const json& value, T& x) {
    object_reader fields{value};
    visit_fields(fields, x);
    return fields.good();
  }

  const json& object_;
  bool good_ = true;
};

/// What visits takes references, for both directions; nothing is changed here.
template <class T>
T& as_visited(const T& x) {
  return const_cast<T&>(x);
}

template <class T>
std::string write(const T& x) {
  object_writer fields;
  visit_fields(fields, as_visited(x));
  return fields.take().dump();
}

template <class T>
std::optional<T> read(std::string_view text) {
  constexpr bool throws = false;
  auto value = json::parse(text, nullptr, throws);
  T result;
  if (value.is_discarded() || !object_reader::from_json(value, result))
    return std::nullopt;
  return result;
}

} // namespace

std::string write_spec(const job_spec& spec) {
  return write(spec);
}

std::optional<job_spec> read_spec(std::string_view text) {
  return read<job_spec>(text);
}

std::string write_failure(const failure& error) {
  return write(error);
}

std::optional<failure> read_failure(std::string_view text) {
  return read<failure>(text);
}

std::string write_result(const job_result& result) {
  return write(result);
}

std::optional<job_result> read_result(std::string_view text) {
  return read<job_result>(text);
}

std::string write_names(const std::vector<std::string>& names) {
  auto result = json::array();
  for (const auto& name : names)
    result.push_back(object_writer::text_to_json(name));
  return result.dump();
}

std::optional<std::vector<std::string>> read_names(std::string_view text) {
  return read<std::vector<std::string>>(text);
}

std::string write_plan(const encode_plan& plan) {
  session::record_writer record;
  inspect(record, as_visited(plan));
  return record.bytes();
}

std::optional<encode_plan> read_plan(std::string_view bytes) {
  session::record_reader record{bytes};
  encode_plan result;
  inspect(record, result);
  if (!record.complete())
    return std::nullopt;
  return result;
}

} // namespace troupe
