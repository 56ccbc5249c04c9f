#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "messages/ids.hpp"

/// The names of partial files: `.NAME.JOB-ATTEMPT.partial`, where NAME is the
/// output's, cut where file systems demand it, with a digest of the whole then.
namespace troupe {

/// The name of an attempt's file beside its final one.
std::string partial_name(const std::string& name, const attempt_id& attempt);

/// True for what `partial_name` makes of this output and any attempt of the
/// job.
bool is_partial_name(std::string_view text, const std::string& name,
                     const job_id& job);

/// Whose a file with such a name is; nothing for any other name. The task isn't
/// part of the name: it is 0.
std::optional<attempt_id> attempt_in(std::string_view partial_name);

} // namespace troupe
