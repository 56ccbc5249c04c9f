#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>

#include "messages/interfaces.hpp"
#include "messages/outcome.hpp"
#include "nodes/client_desk.hpp"
#include "nodes/client_link.hpp"

namespace troupe {

/// How long a client waits.
struct client_patience {
  /// For a coordinator to be found.
  std::chrono::milliseconds search{5000};
  /// For the answer to one request.
  std::chrono::milliseconds answer{30'000};
  /// For a coordinator that went while a job is being watched.
  std::chrono::milliseconds absence{60'000};
};

/// What can be asked of a job that exists.
enum class job_order : uint8_t { cancel, pause, resume, retry, forget };

/// What can be asked of a node.
enum class node_order : uint8_t { drain, undrain };

/// A person's or script's link to a cluster, for threads that block: it finds
/// the coordinator, and again whenever that goes away.
///
/// Every call ends: with the answer, with the coordinator's refusal, with
/// no_cluster when there is no coordinator within the patience, with
/// worker_lost when it didn't answer, with cancelled after `interrupt`. A
/// call whose coordinator goes before it answered is repeated where a second
/// time does no harm: questions, and `submit`, whose key makes the second the
/// first one's job. Other calls then fail and say that nobody knows whether it
/// was done.
class cluster_client {
public:
  /// @param system must outlive the client
  /// @param finder is left alive
  /// @param listener is told when the coordinator comes and goes; may be empty
  cluster_client(caf::actor_system& system, finder_actor finder,
                 client_patience patience, link_listener listener);

  /// Ends the link.
  ~cluster_client();

  cluster_client(const cluster_client&) = delete;
  cluster_client& operator=(const cluster_client&) = delete;

  /// Hands a job in. A request without a key gets one here.
  outcome<job_id> submit(job_request request);

  outcome<job_report> job(const job_id& id);
  outcome<std::vector<job_summary>> list(const job_query& query);
  outcome<std::vector<log_line>> logs(const job_id& id);
  outcome<std::vector<member>> nodes();
  outcome<profile> caps(const std::string& node);

  outcome<job_id> order(job_order what, const job_id& id);
  outcome<job_id> migrate(const job_id& id, const std::string& node);
  outcome<std::string> order(node_order what, const std::string& node);

  /// Makes the calls that wait, and those that follow, fail with `cancelled`;
  /// from any thread.
  void interrupt();

  /// Calls work again.
  void forgive();

  /// Does nothing for a while. @returns true when it was interrupted
  bool rest(std::chrono::milliseconds time);

  /// HOST:PORT of the coordinator; "" while there is none.
  std::string address() const;

  caf::actor_system& system() { return system_; }
  client_desk& desk() { return *desk_; }
  const std::shared_ptr<client_desk>& shared_desk() const { return desk_; }

  const client_patience& patience() const { return patience_; }
  void set_patience(const client_patience& x) { patience_ = x; }

  /// Waits for a coordinator.
  /// @param limit how long at most
  outcome<client_desk::standing> meet(std::chrono::milliseconds limit);

private:
  enum class repeat : uint8_t { never, when_lost };

  template <class T, class... Ts>
  outcome<T> ask(repeat policy, const Ts&... message);

  template <class T, class... Ts>
  outcome<T> ask_once(const client_desk::standing& whom, bool& lost,
                      const Ts&... message);

  caf::actor_system& system_;
  client_patience patience_;
  std::shared_ptr<client_desk> desk_;
  caf::actor link_;
};

} // namespace troupe
