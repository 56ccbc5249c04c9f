#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "actors/file_space.hpp"
#include "actors/seed_search.hpp"
#include "messages/interfaces.hpp"
#include "tests/simulation/disk.hpp"
#include "tests/simulation/history.hpp"
#include "tests/simulation/ledger.hpp"
#include "tests/simulation/outputs.hpp"
#include "tests/simulation/sessions.hpp"
#include "tests/simulation/world.hpp"

namespace troupe::simulation {

/// A machine that runs a node.
struct host {
  std::string name;
  std::string address; ///< HOST:PORT
  node_roles roles;
  uint32_t slots = 1;
  std::vector<seed> seeds;

  process* running = nullptr; ///< none while it is down
  /// Without it nobody would hold the supervisor, and CAF end it.
  caf::actor supervisor;
  membership_actor membership; ///< none while it is down
  std::shared_ptr<bool> dead;  ///< once killed: its journal writes no more
  uint64_t number = 0;         ///< of the process, counted over all hosts
  disk data;                   ///< of its journal
  bool cut = false;

  bool up() const { return running != nullptr; }
  bool frozen() const { return running && running->paused(); }
  /// It runs, and its messages get through.
  bool well() const { return up() && !frozen() && !cut; }
};

/// The nodes and users of one scenario, and what can happen to them.
class cluster {
public:
  cluster(world& all, session_models& sessions, output_folder& outputs,
          history& told, ledger& book,
          std::map<std::string, std::string> roots);
  ~cluster();

  host& add(std::string name, node_roles roles, uint32_t slots);
  std::map<std::string, host>& hosts() { return hosts_; }
  host& coordinator();

  /// Starts the node of this host, as a new incarnation.
  void start(host& x);

  // Each of these does nothing to a host that is down.
  void kill(host& x);
  /// In the midst of something: after so many more messages.
  void kill_after(host& x, uint64_t steps);
  void freeze(host& x);
  void freeze_after(host& x, uint64_t steps);
  void thaw(host& x);
  void cut(host& x);
  void heal(host& x);
  void reset(host& x);
  /// Its node is told to end: it goes once its tasks are done or handed back,
  /// after the limit at the latest.
  void leave(host& x, duration limit);

  /// The coordinator's process dies at the step of its journal with this
  /// number, counted from now on.
  void kill_at_journal_step(uint64_t number) { journal_steps_left_ = number; }

  /// A user, on a host of its own.
  caf::actor add_client(const std::string& name);

  /// Faults that may have lost a task, so far.
  uint32_t losses() const { return losses_; }

  /// The journal's disk never takes its time.
  bool quick_disk = false;

private:
  /// The wall clock of every host; none is wrong.
  uint64_t unix_now() const;

  void end(host& x);
  void spawn_node(host& x);
  void spawn_coordinator(host& x, const membership_actor& membership);

  world& world_;
  session_models& sessions_;
  output_folder& outputs_;
  history& told_;
  ledger& book_;
  std::map<std::string, std::string> roots_;
  file_space files_; ///< that all hosts see alike
  std::map<std::string, host> hosts_;
  std::vector<seed> everybody_;
  uint64_t last_process_ = 0;
  uint64_t journal_steps_left_ = 0;
  uint32_t losses_ = 0;
};

} // namespace troupe::simulation
