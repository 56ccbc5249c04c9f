#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace troupe {

/// Everything that can go wrong, by what the reader can do about it. Values are
/// numbered and never reused: they travel and are stored.
enum class ec : uint8_t {
  /// No error. Zero, as CAF demands of an error code.
  none = 0,
  /// The command line or job is not well formed: correct the call.
  usage = 1,
  /// The input is damaged or no media: repair or replace the file.
  bad_input = 2,
  /// The input isn't there or can't be read: check path and rights.
  no_input = 3,
  /// What is asked cannot be done with any input: choose another combination.
  impossible_job = 4,
  /// The output exists: name another or say --replace.
  output_exists = 5,
  /// The output can't be created: check the folder and its rights.
  cannot_create = 6,
  /// No encoder of that codec opens on this machine: see `troupe probe`.
  encoder_unavailable = 7,
  /// The session process died: see its last words.
  session_crashed = 8,
  /// No stage of the session moved for the stall timeout.
  stalled = 9,
  /// The job ran longer than its time limit.
  time_limit = 10,
  /// The session needed more memory than its limit.
  memory_limit = 11,
  /// The disk of the output is full: free space.
  disk_full = 12,
  /// Somebody cancelled the job.
  cancelled = 13,
  /// The result does not match its source and was thrown away.
  verification_failed = 14,
  /// Reading or writing a file failed below us: check the disk.
  io_error = 15,
  /// The session speaks another protocol: install both programs together.
  protocol_mismatch = 16,
  /// The actor that was to answer is gone.
  worker_lost = 17,
  /// No such job, task or node.
  not_found = 18,
  /// The input changed while it was read: encode it again when it is at rest.
  input_changed = 19,
  /// The session program can't be started: reinstall.
  session_unavailable = 20,
  /// A defect of troupe itself: report it.
  internal = 21,
  /// The job lost three nodes or brought down three sessions: look at its log
  /// and at the input before `troupe retry`.
  poison = 22,
  /// No node of the cluster answers: check --seed and that a node runs there.
  no_cluster = 23,
  /// Another node has this name: stop it or choose another name.
  name_taken = 24,
  /// The command comes from a coordinator that was replaced. Nothing was done.
  stale_epoch = 25,
  /// The worker has no free slot: the task is placed elsewhere.
  no_slot = 26,
  /// The node takes no new tasks: `troupe undrain` lets it.
  draining = 27,
  /// The configuration is wrong: correct the line that it names.
  bad_config = 28,
  /// The journal can't be read or written: its text says what to do.
  journal_failed = 29,
  /// The job or node is in no state that allows this.
  conflict = 30,
  /// Another coordinator took over: this one must stop.
  superseded = 31,
  /// Too much waits already: try later.
  overloaded = 32,
  /// The path is under no root of the node: see [roots] of its file.
  outside_roots = 33,
  /// A certificate, its key or the CA's is missing or wrong: see `troupe ca`.
  bad_certificate = 34,
  /// The node gave the task back, because it leaves. It is placed elsewhere.
  handed_back = 35,
  /// The node asked is not the coordinator: ask the one that it names.
  not_coordinator = 36,
};

/// An error as a value: what kind, what it is about, why, and what helps.
struct failure {
  ec code = ec::none;
  std::string subject; ///< the file, encoder, option or job it is about
  std::string cause;   ///< what was found, and what called for it
  std::string advice;  ///< what the reader can do; may be empty

  friend bool operator==(const failure&, const failure&) = default;
};

/// The code as it appears in JSON and logs: "bad_input".
std::string_view to_string(ec code);

/// Reads what `to_string` writes; `ec::none` for anything else.
ec ec_from_string(std::string_view name);

/// "SUBJECT: CAUSE; ADVICE", without the parts that are empty.
std::string to_string(const failure& error);

/// The exit status of a verb that ends with this code: sysexits(3) where one
/// says more than 1, 130 for cancelled, 0 for none.
int exit_status(ec code);

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, failure& x) {
  return f(x.code, x.subject, x.cause, x.advice);
}

} // namespace troupe
