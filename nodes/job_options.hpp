#pragma once

#include <optional>
#include <string>
#include <vector>

#include <CLI/App.hpp>

#include "messages/job.hpp"
#include "messages/outcome.hpp"

namespace troupe {

/// The options of every verb that takes a job, as they were typed; empty where
/// they weren't. Text, so that it is us who say what is wrong with it.
struct job_options {
  std::string output;
  std::string name;
  std::optional<std::string> priority;
  bool replace = false;
  std::optional<std::string> stall_timeout;
  std::optional<std::string> timeout;

  std::string preset;
  std::string container;
  std::optional<std::string> segment;
  std::optional<std::string> threads;

  std::string codec;
  std::string encoder;
  std::optional<std::string> crf;
  std::optional<std::string> bit_rate;
  std::string speed;
  std::optional<std::string> width;
  std::optional<std::string> height;
  std::optional<std::string> fps;
  std::vector<std::string> renditions;

  std::string audio_codec;
  std::optional<std::string> audio_bit_rate;

  friend bool operator==(const job_options&, const job_options&) = default;
};

/// Makes the options known to a verb. `to` must live as long as `verb`.
void add_job_options(CLI::App& verb, job_options& to);

/// The options as a job. Refuses what isn't well formed: code usage, the
/// option as subject, what was found and what is allowed. Whether the parts fit
/// together is for `validate` to say.
outcome<job_spec> read_job(const job_options& typed, std::string input);

/// What can be told of a job without reading its numbers; for reports about
/// jobs that `read_job` refused.
job_spec sketch_job(const job_options& typed, std::string input);

} // namespace troupe
