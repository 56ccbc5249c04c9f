#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <caf/actor_control_block.hpp>
#include <caf/node_id.hpp>

#include "messages/outcome.hpp"
#include "tests/simulation/packet.hpp"
#include "tests/simulation/random.hpp"
#include "tests/simulation/timeline.hpp"

namespace troupe::simulation {

class transport;

/// The cable and the kernels: links between processes, with what CAF's io
/// module makes of them. Within a direction of a link nothing overtakes.
class network {
public:
  /// Hears of a dial: a handle of what is published there, or no_cluster.
  using dialled = std::function<void(outcome<caf::strong_actor_ptr>)>;

  network(timeline& time, random_source random)
      : time_(time), random_(random) {}

  /// A process begins to take part. @param address HOST:PORT it listens on
  void join(const caf::node_id& process, const std::string& host,
            const std::string& address, transport& wire);

  /// What those who dial the process get; before that it refuses them.
  void publish(const caf::node_id& process, caf::strong_actor_ptr what);

  void dial(const caf::node_id& from, const std::string& address, dialled then);

  /// @returns false when the process has no link with that one
  bool send(const caf::node_id& from, const caf::node_id& to, packet what);

  bool linked(const caf::node_id& from, const caf::node_id& to) const {
    return routes_.contains({from, to});
  }

  /// kill -9: its kernel closes its links. What it had sent may arrive, or the
  /// beginning of it.
  void kill(const caf::node_id& process);

  /// SIGSTOP: links stay; the others notice when they hear nothing for long.
  void pause(const caf::node_id& process);

  /// SIGCONT. @param slept how long it was stopped
  void thaw(const caf::node_id& process, duration slept);

  /// Nothing passes between the host and any other until it is healed.
  void cut(const std::string& host);
  void heal(const std::string& host);

  /// Both sides of every link of the host find it broken.
  void reset(const std::string& host);

private:
  struct station {
    std::string host;
    std::string address;
    transport* wire = nullptr;
    caf::strong_actor_ptr published;
    bool paused = false;
  };

  struct in_flight {
    instant due;
    packet what;
  };

  /// One end of a link.
  struct side {
    caf::node_id who;
    std::string host;
    bool open = true;
    std::deque<in_flight> incoming;
    appointment arrival;  ///< of the first of them
    appointment notice;   ///< when it gives the silent other side up
    bool overdue = false; ///< that moment came while it was stopped
  };

  struct link {
    std::array<side, 2> sides;
  };

  duration latency();
  bool is_cut(const std::string& a, const std::string& b) const;
  bool is_cut(const link& x) const;
  bool paused(const caf::node_id& process) const;
  std::vector<uint64_t> links_of(const caf::node_id& process) const;

  void reach(const caf::node_id& from, const std::string& address,
             const dialled& then, instant until);
  void connect(const caf::node_id& from, const caf::node_id& to,
               const dialled& then);

  void put(link& x, uint64_t number, size_t to, packet what);
  void expect_arrival(link& x, uint64_t number, size_t to);
  void arrive(uint64_t number, size_t to);
  void listen(link& x, uint64_t number);
  void silent(uint64_t number, size_t at);
  void close(uint64_t number, size_t at);

  timeline& time_;
  random_source random_;
  std::map<caf::node_id, station> stations_;
  std::map<uint64_t, link> links_;
  uint64_t last_link_ = 0;
  /// By which link one process reaches another: open on the first one's side.
  std::map<std::pair<caf::node_id, caf::node_id>, uint64_t> routes_;
  std::set<std::string> cut_;
};

} // namespace troupe::simulation
