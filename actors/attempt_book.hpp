#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <vector>

#include "messages/outcome.hpp"
#include "messages/task.hpp"

namespace troupe {

/// What a WORKER knows of the attempts that it was given: which slots they use,
/// how far they are and what they ended with, until that is acknowledged. No
/// actor, no clock, no disk.
///
/// A slot belongs to a job as long as the job has an ENCODER here, also between
/// two of its tasks, so that its session stays warm.
class attempt_book {
public:
  using time_point = std::chrono::steady_clock::time_point;

  /// Ends that wait for their acknowledgement. A JOB acknowledges within
  /// moments, and without a coordinator no new attempts come, so there are
  /// rarely more than slots; and all of them travel in one message when the
  /// node comes back.
  static constexpr size_t most_kept = 256;

  /// What is to be done about a task that was admitted.
  struct admission {
    /// The attempt is here already, whatever became of it: nothing is to be
    /// started.
    bool known = false;
    /// The job has an encoder, which takes the task. Else it needs a new one.
    bool seated = false;
    /// The encoder of this job must go to make room: it has no task.
    std::optional<job_id> evicted;
  };

  /// @param slots encoders at once, at least 1
  /// @param kept ends kept at most, at least 1
  explicit attempt_book(uint32_t slots, size_t kept = most_kept)
      : slots_(slots), kept_(kept) {}

  /// The newest reign that gave a command; 0 before the first.
  uint64_t epoch() const { return epoch_; }

  /// Takes note of the reign that gives a command. False when a newer one has
  /// spoken: the command is to be refused.
  bool obeys(uint64_t epoch);

  /// Takes a task in, as running. When every slot is in use, an encoder without
  /// a task gives way, the one that waits longest first: the coordinator, who
  /// counts slots, would not have placed the task if its job still mattered.
  /// Codes: stale_epoch, draining, no_slot.
  outcome<admission> admit(const task_spec& task);

  /// Takes no new tasks while true.
  void drain(bool on) { draining_ = on; }

  /// Each takes note of a step of an attempt and returns it as it is now;
  /// nothing when the attempt isn't here or not where that step is possible.
  const held_attempt* progressed(const task_progress& x);
  const held_attempt* asks(const attempt_id& attempt);
  const held_attempt* granted(const attempt_id& attempt);
  const held_attempt* done(const task_result& x, time_point now);
  const held_attempt* failed(const attempt_id& attempt, const failure& error,
                             time_point now);

  /// The encoder of the job is through after this attempt: its slot is free.
  /// False when the slot is in other hands by now.
  bool ended(const attempt_id& attempt);

  /// The encoder of the job died. Returns the attempt that it was at, failed
  /// with this cause, if there is one.
  const held_attempt* died(const job_id& job, const std::string& cause,
                           time_point now);

  /// The attempts that the node gives back, as it leaves: each is to be
  /// cancelled, and will fail with handed_back. Those that publish already
  /// aren't among them. No new tasks are taken from now on.
  std::vector<attempt_id> hand_back();

  /// Encoders that had no task since `then`, and are to be ended; their slots
  /// are free.
  std::vector<job_id> dismiss_idle(time_point then);

  /// True when an encoder waits for a next task.
  bool has_idle() const;

  /// Forgets what the attempt ended with. False when it hasn't ended.
  bool acknowledge(const attempt_id& attempt);

  /// Forgets everything about the job. True when it has an encoder, which is to
  /// be ended; its slot is free.
  bool release(const job_id& job);

  /// The attempt; nothing when it isn't here.
  const held_attempt* find(const attempt_id& attempt) const;

  /// The attempts that wait for leave to publish.
  std::vector<attempt_id> asking() const;

  /// All attempts that aren't acknowledged.
  std::vector<held_attempt> all() const;

  /// Attempts whose end was dropped because nobody acknowledged it and there
  /// were too many; each is named once.
  std::vector<attempt_id> take_dropped();

private:
  /// A slot in use.
  struct seat {
    attempt_id last; ///< that its encoder was given
    bool idle = false;
    time_point since; ///< of being idle
  };

  struct entry {
    held_attempt held;
    bool handed_back = false;
  };

  entry* at(const attempt_id& attempt, attempt_stage first, attempt_stage last);
  const held_attempt* end(entry& x, attempt_stage stage, time_point now);
  std::optional<job_id> longest_idle() const;

  uint32_t slots_;
  size_t kept_;
  uint64_t epoch_ = 0;
  bool draining_ = false;
  std::map<job_id, seat> seats_;
  std::map<attempt_id, entry> attempts_;
  /// Ended ones in the order of their ends.
  std::deque<attempt_id> ends_;
  std::vector<attempt_id> dropped_;
};

} // namespace troupe
