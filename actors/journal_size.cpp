#include "actors/journal_size.hpp"

#include <string>
#include <type_traits>
#include <vector>

namespace troupe {

namespace {

/// Counts what a struct holds, going through it by its own `inspect`.
class size_counter {
public:
  using result_type = void;

  template <class... Ts>
  void operator()(Ts&... fields) {
    (count(fields), ...);
  }

  /// `inspect` takes references for its writers; nothing is changed here.
  template <class T>
  void add(const T& x) {
    count(const_cast<T&>(x));
  }

  size_t bytes() const { return bytes_; }

private:
  template <class T>
  void count(T& x) {
    if constexpr (std::is_same_v<T, std::string>)
      bytes_ += sizeof(T) + x.size();
    else if constexpr (std::is_arithmetic_v<T> || std::is_enum_v<T>)
      bytes_ += sizeof(T);
    else
      count_struct_or_list(x);
  }

  template <class T>
  void count_struct_or_list(std::vector<T>& xs) {
    bytes_ += sizeof(xs);
    for (auto& x : xs)
      count(x);
  }

  template <class T>
  void count_struct_or_list(T& x) {
    inspect(*this, x);
  }

  void count_struct_or_list(job_record& x) {
    bytes_ += sizeof(x);
    count(x.node);
    count(x.lost_nodes);
    count(x.error);
    if (x.result)
      count(*x.result);
  }

  void count_struct_or_list(plan_record& x) { (*this)(x.id, x.plan); }

  size_t bytes_ = 0;
};

} // namespace

size_t size_bytes(const journal_entry& entry) {
  size_counter result;
  if (auto job = std::get_if<submitted_job>(&entry)) {
    result.add(*job);
  } else {
    const auto& change = std::get<journal_change>(entry);
    result.add(change.jobs);
    result.add(change.plans);
    result.add(change.attempts);
    result.add(change.nodes);
    result.add(change.log);
    result.add(change.forgotten);
  }
  return result.bytes();
}

} // namespace troupe
