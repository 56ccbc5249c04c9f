#pragma once

#include <cstdint>
#include <functional>

#include "messages/ids.hpp"

namespace troupe {

/// Makes job ids that grow even within a millisecond or when the clock steps
/// back, so that they sort by the order of submission.
class job_id_source {
public:
  /// 64 random bits per call.
  using random_source = std::function<uint64_t()>;

  explicit job_id_source(random_source random) : random_(std::move(random)) {}

  /// @param unix_ms the wall clock
  job_id next(uint64_t unix_ms);

private:
  random_source random_;
  job_id last_;
};

} // namespace troupe
