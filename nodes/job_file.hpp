#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "messages/job.hpp"
#include "messages/outcome.hpp"

namespace troupe {

/// A job file may be so large, and hold so many jobs.
inline constexpr size_t most_job_file_bytes = size_t{16} << 20;
inline constexpr size_t most_job_file_jobs = 10'000;

/// Reads the text of a job file: a job, or an array of jobs. A job is an object
/// with the fields of the document that `troupe job --json` shows: input,
/// output, operation {preset, codec, encoder, crf, bitrate, speed, width,
/// height, fps, audio_codec, audio_bitrate, container, segment, threads,
/// renditions}, priority, name; and replace, stall_timeout, timeout, key.
/// Quantities are numbers, or text as the options take it ("5M", "2m").
///
/// Code usage for whatever isn't such a file; the subject is the file and the
/// path of the field: "jobs.json: [2].operation.crf".
/// @param file its name, for refusals
outcome<std::vector<job_request>> parse_job_file(const std::string& file,
                                                 std::string_view text);

/// Reads the file first. Codes: no_input when it can't be read; usage.
outcome<std::vector<job_request>> read_job_file(const std::string& file);

} // namespace troupe
