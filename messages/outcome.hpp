#pragma once

#include <utility>
#include <variant>

#include "messages/failure.hpp"

namespace troupe {

/// A value or the failure that stands in its place; std::expected for C++20.
template <class T>
class [[nodiscard]] outcome {
public:
  outcome(T value) : value_(std::move(value)) {}
  outcome(failure error) : value_(std::move(error)) {}

  explicit operator bool() const { return value_.index() == 0; }

  /// The value; only when true. Of a temporary it is moved out, so that nothing
  /// refers to what is gone.
  T& operator*() & { return std::get<0>(value_); }
  const T& operator*() const& { return std::get<0>(value_); }
  T operator*() && { return std::move(std::get<0>(value_)); }
  T* operator->() { return &std::get<0>(value_); }
  const T* operator->() const { return &std::get<0>(value_); }

  /// The failure; only when false.
  failure& error() { return std::get<1>(value_); }
  const failure& error() const { return std::get<1>(value_); }

private:
  std::variant<T, failure> value_;
};

/// Success without a value, or a failure.
template <>
class [[nodiscard]] outcome<void> {
public:
  outcome() = default;
  outcome(failure error) : error_(std::move(error)) {}

  explicit operator bool() const { return error_.code == ec::none; }

  failure& error() { return error_; }
  const failure& error() const { return error_; }

private:
  failure error_;
};

} // namespace troupe
