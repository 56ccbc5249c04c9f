#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "actors/output_target.hpp"
#include "actors/source_file.hpp"
#include "encode/unique_fd.hpp"
#include "messages/ids.hpp"
#include "messages/outcome.hpp"

namespace troupe {

/// What an existing file means to an output that is put in its place.
struct placing_rules {
  bool replace = false; ///< anybody's file gives way
  /// Earlier attempts of the task were let publish and are gone: a file with
  /// the very same bytes is theirs, and so the result that is wanted.
  bool in_doubt = false;
};

/// One output of an attempt, on its way from its partial name
/// (output_names.hpp) to its final one.
/// What isn't published is unlinked with the object.
class output_partial {
public:
  /// Called before each operation on the disk that another process could come
  /// between; for tests, which stop there.
  using step = std::function<void()>;

  /// Creates the empty partial file. Codes: cannot_create, disk_full.
  static outcome<output_partial> create(output_target target,
                                        const attempt_id& attempt);

  output_partial(output_partial&& other) noexcept;
  output_partial& operator=(output_partial&&) = delete;
  ~output_partial();

  const output_target& target() const { return target_; }

  /// For reading and writing; stays owned.
  int descriptor() const { return file_.get(); }

  uint64_t size_bytes() const;

  /// Unlinks the partial file of another attempt for the same output: that one
  /// cannot publish it any more. Nothing when there is none.
  void dispossess(uint32_t attempt, const step& before) const;

  enum class placing {
    placed,      ///< the result has the final name
    dispossessed ///< another attempt was let publish: this one must not
  };

  /// Gives the file its final name. Codes: output_exists, cannot_create,
  /// disk_full, io_error, impossible_job.
  outcome<placing> place(const placing_rules& rules, const source_file& source,
                         const step& before);

  /// Undoes `place`. Never touches a file that isn't this attempt's.
  void take_back(const step& before);

  /// Makes `place` final: unlinks what it replaced and what other attempts
  /// left behind.
  void settle(const step& before);

private:
  enum class standing {
    partial,   ///< under its own name
    moved,     ///< under its final name, which was free
    exchanged, ///< under its final name; what was there has the partial one
    theirs,    ///< the file in place isn't this one: nothing to take back
  };

  output_partial(output_target target, const attempt_id& attempt,
                 std::string name, unique_fd file);

  outcome<placing> place_over(const placing_rules& rules,
                              const source_file& source, const step& before);
  outcome<placing> place_free(const placing_rules& rules, const step& before);
  outcome<placing> take_over(const step& before);
  outcome<placing> without_file(const placing_rules& rules);
  int exchange() const;
  bool mine(const std::string& name) const;
  void unlink(const std::string& name) const;
  void unlink_others() const;

  output_target target_;
  attempt_id attempt_;
  std::string name_;
  unique_fd file_;
  standing where_ = standing::partial;
};

} // namespace troupe
