#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "actors/file_space.hpp"
#include "actors/output_files.hpp"
#include "actors/progress_meter.hpp"
#include "actors/rate_limit.hpp"
#include "actors/session_line.hpp"
#include "actors/source_file.hpp"
#include "actors/stall_watch.hpp"
#include "messages/interfaces.hpp"

namespace troupe {

struct encoder_config {
  session::starter start;
  session_limits limits; ///< of the session
  file_space files = {}; ///< where its tasks may read and write
  /// Where its partial files are noted; shared by all encoders of the node.
  /// None: nowhere.
  std::shared_ptr<leftovers> noted = nullptr;
  /// Called before each operation on the disk when it publishes; for tests.
  output_partial::step publishing = [] {};
};

/// What the ENCODER waits for.
enum class encoder_phase : uint8_t {
  idle,       ///< its first task
  inspecting, ///< the session to say what the input is
  warm,       ///< a task; the session holds the job's input
  encoding,   ///< the session to finish
  asking,     ///< leave to publish, for as long as that takes
};

struct encoder_state {
  static inline const char* name = "encoder";

  /// Itself: it ends by its own hand only, on its own thread, as the state
  /// waits for the session's thread. The worker's end brings it about.
  caf::strong_actor_ptr me;

  worker_actor worker;
  encoder_config config;

  encoder_phase phase = encoder_phase::idle;
  task_spec task; ///< the last one given

  /// A tick is on its way; there is never more than one.
  bool ticking = false;

  /// The input, from the first task to the last: both see the same file.
  std::optional<source_file> source;

  /// What the running task makes. Unlinked with the state unless published.
  std::optional<output_files> outputs;

  /// What the session was told to ready.
  std::set<std::string> warmed;

  std::optional<stall_watch> greeting; ///< until the session said something

  // All times go by the actor's clock.
  std::chrono::steady_clock::time_point started; ///< the running task

  std::optional<stall_watch> stalls;   ///< while the session works
  std::optional<progress_meter> meter; ///< while it encodes
  rate_limit updates{std::chrono::milliseconds{250}};
  bool verifying = false; ///< as its last progress said
  task_result result;     ///< of an encode that waits for leave to publish

  /// Declared last, gone first: whoever writes the files is dead before they
  /// are unlinked.
  std::optional<session_line> session;
};

using encoder_pointer = encoder_actor::stateful_pointer<encoder_state>;

/// Supervises one session and the tasks of one job in it. It opens files and
/// waits for processes to die: a node spawns it detached.
encoder_actor::behavior_type encoder(encoder_pointer self, worker_actor parent,
                                     encoder_config config);

} // namespace troupe
