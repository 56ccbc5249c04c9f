#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "messages/job.hpp"

/// What a journal holds in one column: JSON with named fields, and plans.
///
/// Fields that hold nothing are left out, unknown ones are ignored, and missing
/// ones get their default. A string that isn't UTF-8, as paths may be, stands
/// as
/// {"bytes": [...]}, so that it comes back byte by byte.
namespace troupe {

/// All but the name, which has its own column.
std::string write_spec(const job_spec& spec);

/// Nothing when it isn't JSON or a field has the wrong type.
std::optional<job_spec> read_spec(std::string_view text);

std::string write_failure(const failure& error);

/// Like `read_spec`. A code that this troupe doesn't know becomes `internal`.
std::optional<failure> read_failure(std::string_view text);

std::string write_result(const job_result& result);

/// Like `read_spec`.
std::optional<job_result> read_result(std::string_view text);

/// A JSON array.
std::string write_names(const std::vector<std::string>& names);

/// Like `read_spec`.
std::optional<std::vector<std::string>> read_names(std::string_view text);

/// The plan's bytes, which only the same protocol version can read.
std::string write_plan(const encode_plan& plan);

/// Nothing when the bytes aren't a plan of this protocol version.
std::optional<encode_plan> read_plan(std::string_view bytes);

} // namespace troupe
