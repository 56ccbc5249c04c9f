#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace troupe::session {

/// Writes structs as bytes by their own `inspect`, the one that CAF uses too.
/// Integers are big endian at their own size, enums as their underlying type,
/// bools as one byte, doubles as their IEEE 754 bits, strings and vectors as a
/// 4-byte count and their elements. No padding, no names, no field tags.
class record_writer {
public:
  using result_type = void;

  template <class... Ts>
  void operator()(Ts&... fields) {
    (put(fields), ...);
  }

  const std::string& bytes() const { return bytes_; }

private:
  template <class T>
  void put(T& x) {
    if constexpr (std::is_same_v<T, bool>) {
      bytes_.push_back(x ? '\1' : '\0');
    } else if constexpr (std::is_enum_v<T>) {
      auto value = static_cast<std::underlying_type_t<T>>(x);
      put(value);
    } else if constexpr (std::is_integral_v<T>) {
      auto value = static_cast<std::make_unsigned_t<T>>(x);
      for (size_t i = sizeof(T); i-- > 0;)
        bytes_.push_back(static_cast<char>((value >> (8 * i)) & 0xff));
    } else if constexpr (std::is_same_v<T, double>) {
      auto value = std::bit_cast<uint64_t>(x);
      put(value);
    } else if constexpr (std::is_same_v<T, std::string>) {
      auto count = static_cast<uint32_t>(x.size());
      put(count);
      bytes_ += x;
    } else {
      put_struct_or_list(x);
    }
  }

  template <class T>
  void put(std::vector<T>& xs) {
    auto count = static_cast<uint32_t>(xs.size());
    put(count);
    for (auto& x : xs)
      put(x);
  }

  template <class T>
  void put_struct_or_list(T& x) {
    inspect(*this, x);
  }

  std::string bytes_;
};

/// Reads what record_writer wrote. The bytes come from a process that hostile
/// media may have taken over: a count is believed only as far as bytes follow.
class record_reader {
public:
  using result_type = void;

  explicit record_reader(std::string_view bytes) : rest_(bytes) {}

  template <class... Ts>
  void operator()(Ts&... fields) {
    (get(fields), ...);
  }

  /// True while every field read so far was there.
  bool good() const { return good_; }

  /// True when all bytes were used and every field was there.
  bool complete() const { return good_ && rest_.empty(); }

private:
  template <class T>
  void get(T& x) {
    if constexpr (std::is_same_v<T, bool>) {
      uint8_t value = 0;
      get(value);
      x = value == 1;
      good_ = good_ && value <= 1;
    } else if constexpr (std::is_enum_v<T>) {
      std::underlying_type_t<T> value{};
      get(value);
      x = static_cast<T>(value);
    } else if constexpr (std::is_integral_v<T>) {
      std::make_unsigned_t<T> value = 0;
      for (auto byte : take(sizeof(T)))
        value = static_cast<std::make_unsigned_t<T>>(
            (uint64_t{value} << 8) | static_cast<uint8_t>(byte));
      x = static_cast<T>(value);
    } else if constexpr (std::is_same_v<T, double>) {
      uint64_t value = 0;
      get(value);
      x = std::bit_cast<double>(value);
    } else if constexpr (std::is_same_v<T, std::string>) {
      uint32_t count = 0;
      get(count);
      x = take(count);
    } else {
      inspect(*this, x);
    }
  }

  template <class T>
  void get(std::vector<T>& xs) {
    uint32_t count = 0;
    get(count);
    xs.clear();
    // Every element takes at least one byte, so a lying count ends early.
    for (uint32_t i = 0; i < count && good_ && !rest_.empty(); ++i)
      get(xs.emplace_back());
    good_ = good_ && xs.size() == count;
  }

  std::string_view take(size_t count) {
    if (count > rest_.size()) {
      good_ = false;
      rest_ = {};
      return {};
    }
    auto result = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return result;
  }

  std::string_view rest_;
  bool good_ = true;
};

} // namespace troupe::session
