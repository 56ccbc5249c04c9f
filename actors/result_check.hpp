#pragma once

#include <string>
#include <vector>

#include "actors/output_files.hpp"
#include "messages/outcome.hpp"
#include "messages/task.hpp"

namespace troupe {

/// Holds what a session claims to have made against the files that it wrote
/// and against its plan. Returns warnings for people. Codes: those of `verify`
/// (encode/verification.hpp); the subject names a file.
outcome<std::vector<std::string>> check_result(const task_spec& task,
                                               const output_files& outputs,
                                               const encode_report& report);

} // namespace troupe
