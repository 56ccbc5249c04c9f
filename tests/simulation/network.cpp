#include "tests/simulation/network.hpp"

#include <algorithm>

#include "tests/simulation/transport.hpp"

namespace troupe::simulation {

namespace {

using namespace std::chrono_literals;

/// After so long without a heartbeat CAF gives a link up; it looks twice a
/// second.
constexpr auto least_patience = 2000ms;
constexpr auto most_patience = 2500ms;

/// For how long one dials a host that doesn't answer.
constexpr auto dial_patience = 5000ms;

/// How often a dial looks whether whom it reached runs again.
constexpr auto look_again = 50ms;

failure refusal(const std::string& address, const std::string& cause) {
  return {ec::no_cluster, address, cause, "check that a node runs there"};
}

} // namespace

duration network::latency() {
  // Mostly a quiet wire, at times a loaded one.
  return random_.percent(95) ? random_.between(duration{50us}, duration{900us})
                             : random_.between(duration{1ms}, duration{60ms});
}

bool network::is_cut(const std::string& a, const std::string& b) const {
  return a != b && (cut_.contains(a) || cut_.contains(b));
}

bool network::is_cut(const link& x) const {
  return is_cut(x.sides[0].host, x.sides[1].host);
}

bool network::paused(const caf::node_id& process) const {
  auto found = stations_.find(process);
  return found != stations_.end() && found->second.paused;
}

std::vector<uint64_t> network::links_of(const caf::node_id& process) const {
  std::vector<uint64_t> result;
  for (const auto& [number, x] : links_)
    if (x.sides[0].who == process || x.sides[1].who == process)
      result.push_back(number);
  return result;
}

void network::join(const caf::node_id& process, const std::string& host,
                   const std::string& address, transport& wire) {
  stations_[process] = {host, address, &wire, nullptr, false};
}

void network::publish(const caf::node_id& process, caf::strong_actor_ptr what) {
  stations_[process].published = std::move(what);
}

// -- dialling -----------------------------------------------------------------

void network::dial(const caf::node_id& from, const std::string& address,
                   dialled then) {
  auto until = time_.now() + dial_patience;
  time_.after(2 * latency(), [=, this, then = std::move(then)] {
    reach(from, address, then, until);
  });
}

void network::reach(const caf::node_id& from, const std::string& address,
                    const dialled& then, instant until) {
  auto me = stations_.find(from);
  if (me == stations_.end())
    return;
  auto host = address.substr(0, address.find(':'));
  auto there = std::ranges::find_if(
      stations_, [&](const auto& x) { return x.second.address == address; });
  auto hangs = me->second.paused || is_cut(me->second.host, host)
               || (there != stations_.end() && there->second.paused);
  if (!hangs && (there == stations_.end() || !there->second.published))
    return then(refusal(address, "connection refused"));
  if (!hangs)
    return connect(from, there->first, then);
  if (time_.now() >= until && !me->second.paused)
    return then(refusal(address, "no answer in time"));
  time_.after(look_again, [=, this] { reach(from, address, then, until); });
}

void network::connect(const caf::node_id& from, const caf::node_id& to,
                      const dialled& then) {
  auto& me = stations_.at(from);
  const auto& peer = stations_.at(to);
  auto known = routes_.contains({from, to});
  if (!known && from != to) {
    auto number = ++last_link_;
    auto& made = links_[number];
    made.sides[0].who = from;
    made.sides[0].host = me.host;
    made.sides[1].who = to;
    made.sides[1].host = peer.host;
    routes_[{from, to}] = number;
    // Who still has the old link takes no second one.
    if (routes_.contains({to, from})) {
      made.sides[1].open = false;
      packet end;
      end.what = packet::kind::eof;
      put(made, number, 0, std::move(end));
    } else {
      routes_[{to, from}] = number;
    }
  }
  if (from == to)
    return then(peer.published);
  then(me.wire->proxy(to, peer.published->id()));
}

// -- packets ------------------------------------------------------------------

bool network::send(const caf::node_id& from, const caf::node_id& to,
                   packet what) {
  auto route = routes_.find({from, to});
  if (route == routes_.end())
    return false;
  auto& x = links_.at(route->second);
  put(x, route->second, x.sides[0].who == from ? 1 : 0, std::move(what));
  return true;
}

void network::put(link& x, uint64_t number, size_t to, packet what) {
  auto& receiver = x.sides[to];
  // The other side may know that it has closed the link; packets of this one
  // find nobody.
  if (!receiver.open)
    return;
  auto due = time_.now() + latency();
  if (!receiver.incoming.empty())
    due = std::max(due, receiver.incoming.back().due);
  receiver.incoming.push_back({due, std::move(what)});
  if (receiver.incoming.size() == 1)
    expect_arrival(x, number, to);
}

void network::expect_arrival(link& x, uint64_t number, size_t to) {
  auto& receiver = x.sides[to];
  time_.cancel(receiver.arrival);
  if (!receiver.incoming.empty())
    receiver.arrival = time_.at(receiver.incoming.front().due,
                                [=, this] { arrive(number, to); });
}

void network::arrive(uint64_t number, size_t to) {
  auto found = links_.find(number);
  if (found == links_.end())
    return;
  auto& receiver = found->second.sides[to];
  // It waits in a buffer; healing or thawing comes back to it.
  if (receiver.incoming.empty() || paused(receiver.who)
      || is_cut(found->second))
    return;
  auto what = std::move(receiver.incoming.front().what);
  receiver.incoming.pop_front();
  expect_arrival(found->second, number, to);
  if (what.what == packet::kind::eof)
    return close(number, to);
  stations_.at(receiver.who)
      .wire->receive(found->second.sides[1 - to].who, std::move(what));
}

// -- ends of links ------------------------------------------------------------

/// Has each side of the link wait for the other, or stop waiting.
void network::listen(link& x, uint64_t number) {
  for (size_t i : {0u, 1u}) {
    auto& me = x.sides[i];
    auto deaf = is_cut(x) || paused(x.sides[1 - i].who);
    time_.cancel(std::exchange(me.notice, {}));
    if (deaf && me.open)
      me.notice = time_.after(
          random_.between(duration{least_patience}, duration{most_patience}),
          [=, this] { silent(number, i); });
  }
}

void network::silent(uint64_t number, size_t at) {
  auto found = links_.find(number);
  if (found == links_.end())
    return;
  if (paused(found->second.sides[at].who))
    found->second.sides[at].overdue = true;
  else
    close(number, at);
}

void network::close(uint64_t number, size_t at) {
  auto found = links_.find(number);
  if (found == links_.end() || !found->second.sides[at].open)
    return;
  auto& me = found->second.sides[at];
  auto& peer = found->second.sides[1 - at];
  me.open = false;
  me.incoming.clear();
  time_.cancel(me.arrival);
  time_.cancel(me.notice);
  auto who = me.who;
  auto whom = peer.who;
  if (auto route = routes_.find({who, whom});
      route != routes_.end() && route->second == number)
    routes_.erase(route);
  if (peer.open) {
    packet end;
    end.what = packet::kind::eof;
    put(found->second, number, 1 - at, std::move(end));
  } else {
    links_.erase(found);
  }
  if (auto alive = stations_.find(who); alive != stations_.end())
    alive->second.wire->lost(whom);
}

// -- faults -------------------------------------------------------------------

void network::kill(const caf::node_id& process) {
  if (stations_.erase(process) == 0)
    return;
  for (auto number : links_of(process)) {
    auto& x = links_.at(number);
    auto at = x.sides[0].who == process ? 0u : 1u;
    if (!x.sides[at].open)
      continue; // the other side will hear of that
    // A reset takes what the other side's kernel hasn't handed on.
    auto& sent = x.sides[1 - at].incoming;
    if (random_.percent(50))
      sent.resize(random_.below(sent.size() + 1));
    close(number, at);
  }
}

void network::pause(const caf::node_id& process) {
  if (!stations_.contains(process))
    return; // it is about to end
  stations_.at(process).paused = true;
  for (auto number : links_of(process))
    listen(links_.at(number), number);
}

void network::thaw(const caf::node_id& process, duration slept) {
  if (!stations_.contains(process))
    return;
  stations_.at(process).paused = false;
  for (auto number : links_of(process)) {
    auto& x = links_.at(number);
    auto at = x.sides[0].who == process ? 0u : 1u;
    auto& me = x.sides[at];
    // Does it look at its clock or at its sockets first?
    auto gives_up =
        me.overdue || (slept >= least_patience && random_.percent(50));
    me.overdue = false;
    listen(x, number);
    if (gives_up)
      close(number, at);
    else
      expect_arrival(x, number, at);
  }
}

void network::cut(const std::string& host) {
  cut_.insert(host);
  for (auto& [number, x] : links_)
    listen(x, number);
}

void network::heal(const std::string& host) {
  cut_.erase(host);
  for (auto& [number, x] : links_) {
    listen(x, number);
    if (is_cut(x))
      continue;
    // TCP tries again at growing intervals.
    for (size_t i : {0u, 1u}) {
      auto& incoming = x.sides[i].incoming;
      auto resumed = time_.now() + random_.between(duration{1ms}, duration{1s});
      for (auto& each : incoming)
        each.due = std::max(each.due, resumed);
      expect_arrival(x, number, i);
    }
  }
}

void network::reset(const std::string& host) {
  std::vector<uint64_t> broken;
  for (const auto& [number, x] : links_)
    if (x.sides[0].host != x.sides[1].host
        && (x.sides[0].host == host || x.sides[1].host == host))
      broken.push_back(number);
  for (auto number : broken)
    close(number, random_.below(2));
}

} // namespace troupe::simulation
