#include "encode/session_protocol.hpp"

#include <array>
#include <cmath>
#include <string_view>
#include <utility>

#include "encode/record.hpp"

namespace troupe::session {

namespace {

constexpr bool within(auto value, auto first, auto last) {
  return value >= first && value <= last;
}

constexpr bool known(ec x) {
  return within(x, ec::none, ec::internal);
}

constexpr bool known(stream_kind x) {
  return within(x, stream_kind::video, stream_kind::data);
}

constexpr bool known(orientation x) {
  return within(x, orientation::upright, orientation::other);
}

constexpr bool known(filter_kind x) {
  return within(x, filter_kind::orient, filter_kind::palette);
}

constexpr bool known(stream_action x) {
  return within(x, stream_action::copy, stream_action::attach);
}

constexpr bool known(io_priority x) {
  return within(x, io_priority::best_effort, io_priority::idle);
}

/// Walks over a record that was read, since its sender may be in the hands of
/// hostile media: an enum outside its range is refused, so that nobody's switch
/// meets it, and a number that is none becomes 0, "not known" everywhere.
class sanitizer {
public:
  using result_type = void;

  template <class... Ts>
  void operator()(Ts&... fields) {
    (look(fields), ...);
  }

  bool clean() const { return clean_; }

private:
  template <class T>
  void look(T& x) {
    if constexpr (std::is_same_v<T, double>) {
      if (!std::isfinite(x))
        x = 0;
    } else if constexpr (std::is_enum_v<T>) {
      clean_ = clean_ && known(x);
    } else if constexpr (std::is_class_v<
                             T> && !std::is_same_v<T, std::string>) {
      inspect(*this, x);
    }
  }

  template <class T>
  void look(std::vector<T>& xs) {
    for (auto& x : xs)
      look(x);
  }

  bool clean_ = true;
};

template <class Variant>
std::string write(Variant x) {
  record_writer body;
  std::visit([&body](auto& fields) { inspect(body, fields); }, x);
  auto kind = static_cast<uint8_t>(x.index());
  auto length = static_cast<uint32_t>(body.bytes().size() + 1);
  record_writer head;
  head(length, kind);
  return head.bytes() + body.bytes();
}

failure malformed(size_t kind, std::string_view why) {
  return {ec::protocol_mismatch, "record of kind " + std::to_string(kind),
          std::string{why}, "install troupe and troupe-session together"};
}

template <class Variant, size_t Kind>
outcome<Variant> read_kind(std::string_view fields) {
  std::variant_alternative_t<Kind, Variant> x;
  record_reader reader{fields};
  inspect(reader, x);
  if (!reader.good())
    return malformed(Kind,
                     "ends too early or holds no boolean where one is due");
  if (!reader.complete())
    return malformed(Kind, "has bytes left over");
  sanitizer check;
  inspect(check, x);
  if (!check.clean())
    return malformed(Kind, "holds a value that has no meaning");
  return Variant{std::in_place_index<Kind>, std::move(x)};
}

template <class Variant, size_t... Kinds>
outcome<Variant> read(std::string_view body, std::index_sequence<Kinds...>) {
  if (body.empty())
    return failure{ec::protocol_mismatch, "record", "is empty", ""};
  using reader = outcome<Variant> (*)(std::string_view);
  constexpr std::array<reader, sizeof...(Kinds)> readers{
      read_kind<Variant, Kinds>...};
  auto kind = static_cast<uint8_t>(body.front());
  if (kind >= readers.size())
    return malformed(kind, "is of a kind that does not exist");
  return readers[kind](body.substr(1));
}

} // namespace

std::string to_record(const request& x) {
  return write(x);
}

std::string to_record(const event& x) {
  return write(x);
}

outcome<request> read_request(std::string_view body) {
  return read<request>(
      body, std::make_index_sequence<std::variant_size_v<request>>{});
}

outcome<event> read_event(std::string_view body) {
  return read<event>(body,
                     std::make_index_sequence<std::variant_size_v<event>>{});
}

} // namespace troupe::session
