#pragma once

#include "actors/encoder.hpp"

/// The steps of an ENCODER, called by its handlers. `encoder_hearing.hpp` has
/// what its session brings about.
namespace troupe {

/// True while it has a task that hasn't ended.
bool busy(const encoder_state& state);

/// The first file that the task makes, for failures; "" while it makes none.
std::string first_output(const encoder_state& state);

/// Gives the task up and ends: a failure ends the job's stay here. Session and
/// unpublished files are gone before the WORKER hears of it.
void fail(encoder_pointer self, const failure& error);

/// As `fail`, unless the input is to blame for everything: it changed.
void fail_reading(encoder_pointer self, const failure& error);

/// Begins the task.
void run(encoder_pointer self, const task_spec& task);

/// Creates the outputs and has the session encode into them.
void start_encode(encoder_pointer self);

/// The session reported an encode: checks it, and asks for leave to publish.
void finish_encode(encoder_pointer self, const encode_report& report);

/// The answer to that came.
void take_grant(encoder_pointer self, const publish_grant& grant);

/// Has `atom::tick` come in a moment, while the session works.
void tick_later(encoder_pointer self);

/// Seconds since the task began.
double seconds_taken(encoder_pointer self);

} // namespace troupe
