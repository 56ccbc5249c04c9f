#define CAF_SUITE session_protocol

#include "encode/session_protocol.hpp"

#include <cmath>
#include <limits>
#include <string>
#include <string_view>

#include <caf/test/unit_test.hpp>

using namespace troupe;
using namespace troupe::session;

namespace {

constexpr size_t header_size = 4;

/// Fills every field that `inspect` names with a value of its own, so that a
/// field that is lost or swapped shows. Lists get two elements.
class filler {
public:
  using result_type = void;

  template <class... Ts>
  void operator()(Ts&... fields) {
    (fill(fields), ...);
  }

private:
  template <class T>
  void fill(T& x) {
    ++count_;
    if constexpr (std::is_same_v<T, bool>)
      x = count_ % 2 == 0;
    else if constexpr (std::is_enum_v<T>)
      x = static_cast<T>(count_ % 3 + 1);
    else if constexpr (std::is_integral_v<T>)
      x = static_cast<T>(std::numeric_limits<T>::max()
                         - static_cast<T>(count_));
    else if constexpr (std::is_same_v<T, double>)
      x = -0.1 * count_;
    else if constexpr (std::is_same_v<T, std::string>)
      x = std::string("text\0", 5) + std::to_string(count_);
    else
      inspect(*this, x);
  }

  template <class T>
  void fill(std::vector<T>& xs) {
    xs.resize(2);
    for (auto& x : xs)
      fill(x);
  }

  int count_ = 0;
};

template <class T>
T filled() {
  T result;
  filler fill;
  inspect(fill, result);
  return result;
}

std::vector<request> filled_requests() {
  return {filled<start_request>(), inspect_request{}, filled<encode_request>(),
          filled<probe_request>(), libraries_request{}};
}

std::vector<event> filled_events() {
  return {filled<hello>(),   filled<inspected>(), filled<session::progress>(),
          filled<encoded>(), filled<probed>(),    filled<libraries>(),
          filled<refused>(), filled<escapes>()};
}

std::string_view body_of(const std::string& record) {
  return std::string_view{record}.substr(header_size);
}

} // namespace

CAF_TEST(the samples below cover every kind of record) {
  CAF_CHECK_EQUAL(filled_requests().size(), std::variant_size_v<request>);
  CAF_CHECK_EQUAL(filled_events().size(), std::variant_size_v<event>);
}

CAF_TEST(every request reads back with all of its fields) {
  for (const auto& x : filled_requests()) {
    auto record = to_record(x);
    auto read = read_request(body_of(record));
    CAF_REQUIRE(read);
    CAF_CHECK_EQUAL(read->index(), x.index());
    CAF_CHECK(to_record(*read) == record);
  }
}

CAF_TEST(every event reads back with all of its fields) {
  for (const auto& x : filled_events()) {
    auto record = to_record(x);
    auto read = read_event(body_of(record));
    CAF_REQUIRE(read);
    CAF_CHECK_EQUAL(read->index(), x.index());
    CAF_CHECK(to_record(*read) == record);
  }
}

CAF_TEST(a field keeps its value) {
  start_request sent;
  sent.limits = {1, 2, 3, -4, io_priority::idle};
  sent.warm_encoders = {"libx265", ""};
  sent.try_escapes = true;
  auto record = to_record(sent);
  auto read = read_request(body_of(record));
  CAF_REQUIRE(read);
  const auto& got = std::get<start_request>(*read);
  CAF_CHECK(got.limits == sent.limits);
  CAF_CHECK(got.warm_encoders == sent.warm_encoders);
  CAF_CHECK(got.try_escapes);
}

CAF_TEST(the bytes are those of the document) {
  probe_request x{"ab", "c", 0x0102, 0x0304, true};
  auto expected = std::string("\0\0\0\x15\3"
                              "\0\0\0\2ab"
                              "\0\0\0\1c"
                              "\0\0\1\2"
                              "\0\0\3\4"
                              "\1",
                              25);
  CAF_CHECK(to_record(request{x}) == expected);
}

CAF_TEST(a record cut short anywhere is refused) {
  for (const auto& x : filled_events()) {
    auto record = to_record(x);
    auto body = body_of(record);
    size_t accepted = 0;
    for (size_t size = 0; size < body.size(); ++size)
      accepted += read_event(body.substr(0, size)) ? 1 : 0;
    CAF_CHECK_EQUAL(accepted, 0u);
  }
}

CAF_TEST(bytes left over are refused) {
  for (const auto& x : filled_requests()) {
    auto body = std::string{body_of(to_record(x))} + '\0';
    auto read = read_request(body);
    CAF_REQUIRE(!read);
    CAF_CHECK(read.error().code == ec::protocol_mismatch);
  }
}

CAF_TEST(unknown kinds are refused) {
  CAF_CHECK(!read_request("\x05"));
  CAF_CHECK(!read_request("\xff"));
  CAF_CHECK(!read_event("\x08"));
  CAF_CHECK(!read_event(""));
}

CAF_TEST(a count that promises more than there is costs nothing) {
  // `libraries` begins with the count of its decoders.
  CAF_CHECK(!read_event("\x05\xff\xff\xff\xff"));
  CAF_CHECK(!read_event(std::string_view{"\x05\xff\xff\xff\xff\0\0\0\0", 9}));
  // `refused`: code, then a subject of almost 4 GiB.
  CAF_CHECK(!read_event("\x06\x01\xff\xff\xff\xf0zz"));
}

CAF_TEST(an enum outside its range is refused) {
  CAF_CHECK(
      read_event(std::string_view{"\x06\x01\0\0\0\0\0\0\0\0\0\0\0\0", 14}));
  CAF_CHECK(
      !read_event(std::string_view{"\x06\xfe\0\0\0\0\0\0\0\0\0\0\0\0", 14}));
  inspected x;
  x.media.streams.resize(1);
  x.media.streams[0].kind = static_cast<stream_kind>(0);
  CAF_CHECK(!read_event(body_of(to_record(event{x}))));
  x.media.streams[0].kind = stream_kind::audio;
  x.media.streams[0].turn = static_cast<orientation>(9);
  CAF_CHECK(!read_event(body_of(to_record(event{x}))));
}

CAF_TEST(a boolean is 0 or 1) {
  session::progress x;
  auto body = std::string{body_of(to_record(event{x}))};
  body.back() = '\2';
  CAF_CHECK(!read_event(body));
}

CAF_TEST(a number that is none counts as not known) {
  session::progress x;
  x.counters.position_s = std::nan("");
  auto read = read_event(std::string{body_of(to_record(event{x}))});
  CAF_REQUIRE(read);
  CAF_CHECK_EQUAL(std::get<session::progress>(*read).counters.position_s, 0.0);
  inspected y;
  y.media.chapters.push_back({-INFINITY, INFINITY, {}});
  read = read_event(std::string{body_of(to_record(event{y}))});
  CAF_REQUIRE(read);
  CAF_CHECK_EQUAL(std::get<inspected>(*read).media.chapters[0].end_s, 0.0);
}
