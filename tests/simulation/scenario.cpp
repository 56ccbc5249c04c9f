#include "tests/simulation/scenario.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <mutex>
#include <optional>
#include <set>

#include <caf/send.hpp>

#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>

#include "tests/actors/temporary_folder.hpp"
#include "tests/simulation/checker.hpp"
#include "tests/simulation/client.hpp"
#include "tests/simulation/cluster.hpp"

namespace troupe::simulation {

namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

constexpr auto active_time = 40s; ///< faults and wishes happen within it

/// What the actors log, between what happens.
class history_sink final : public spdlog::sinks::base_sink<std::mutex> {
public:
  explicit history_sink(history& to) : to_(to) {}

private:
  void sink_it_(const spdlog::details::log_msg& msg) override {
    to_.note("log", std::string{msg.payload.data(), msg.payload.size()});
  }
  void flush_() override {}

  history& to_;
};

scenario_kind kind_of(random_source& random) {
  auto luck = random.below(100);
  if (luck < 10)
    return scenario_kind::calm;
  if (luck < 30)
    return scenario_kind::coordinator;
  if (luck < 50)
    return scenario_kind::failover;
  return scenario_kind::chaos;
}

temper temper_of(random_source& random) {
  auto luck = random.below(100);
  return luck < 80   ? temper::good
         : luck < 85 ? temper::bad_input
         : luck < 88 ? temper::crashes
         : luck < 96 ? temper::flaky
                     : temper::stalls;
}

/// One seed, being played.
class scenario {
public:
  scenario(uint64_t seed, bool trace)
      : seed_(seed), random_(seed * 2 + 1), all_(random_.next()),
        told_(all_.time(), trace), kind_(kind_of(random_)),
        sessions_(all_.time(), random_.split(), told_),
        outputs_(make_folder("out"), told_),
        nodes_(all_, sessions_, outputs_, told_, book_,
               {{"media", folder_.path()}}) {
    make_folder("in");
    told_.leave_out(folder_.path());
    all_.watch = [this] { outputs_.look(); };
    spdlog::set_default_logger(std::make_shared<spdlog::logger>(
        "simulation", std::make_shared<history_sink>(told_)));
  }
  ~scenario() {
    spdlog::set_default_logger(std::make_shared<spdlog::logger>("silent"));
  }

  verdict play();

private:
  std::string make_folder(const std::string& name) const {
    fs::create_directory(folder_ / name);
    return folder_ / name;
  }

  void at(duration when, std::function<void()> what) {
    all_.time().after(when, std::move(what));
  }
  duration some_time(duration most) {
    return random_.between(duration{0}, most);
  }

  void build_cluster();
  void plan_jobs();
  void plan_job(uint32_t number);
  void plan_wishes(uint32_t number);
  void plan_removal(uint32_t number);
  void plan_faults();
  void plan_coordinator_deaths();
  void plan_failover();
  void plan_chaos();
  void plan_one_fault(duration when);
  void kill_and_restart(host& x, duration when, duration down);
  host& any_host();

  void mend();
  void wait_for_quiet();
  void tell_journal();
  bool quiet() const;
  void check_failover(const std::string& name, instant since, duration limit);
  caf::actor any_client() { return clients_[random_.below(clients_.size())]; }

  uint64_t seed_;
  random_source random_;
  world all_;
  history told_;
  scenario_kind kind_;
  test::temporary_folder folder_;
  ledger book_;
  session_models sessions_;
  output_folder outputs_;
  cluster nodes_;
  std::vector<caf::actor> clients_;
};

void scenario::build_cluster() {
  // Nobody promises anything about how long a slow disk takes.
  nodes_.quick_disk = kind_ == scenario_kind::failover;
  auto workers = kind_ == scenario_kind::failover ? random_.between(2, 4)
                                                  : random_.between(1, 4);
  node_roles leads;
  leads.coordinator = true;
  // What only the coordinator's process runs would be lost with it.
  leads.worker = kind_ == scenario_kind::chaos && random_.percent(60);
  nodes_.add("alpha", leads, static_cast<uint32_t>(random_.between(1, 2)));
  static const char* const names[] = {"beta", "gamma", "delta", "epsilon"};
  for (size_t i = 0; i < workers; ++i)
    nodes_.add(names[i], {}, static_cast<uint32_t>(random_.between(1, 3)));
  for (auto& [name, x] : nodes_.hosts()) {
    // Any node can be a seed; that of the coordinator always is one somewhere.
    x.seeds = {{"alpha", 7400}};
    if (random_.percent(30))
      x.seeds.push_back({names[random_.below(workers)], 7400});
    at(some_time(500ms), [this, &x] { nodes_.start(x); });
  }
  auto clients = random_.between(1, 2);
  for (size_t i = 0; i < clients; ++i)
    clients_.push_back(nodes_.add_client("client" + std::to_string(i)));
}

void scenario::plan_jobs() {
  auto count = kind_ == scenario_kind::failover ? random_.between(1, 2)
                                                : random_.between(1, 15);
  for (uint32_t i = 1; i <= count; ++i)
    plan_job(i);
}

void scenario::plan_job(uint32_t number) {
  auto& job = book_.jobs[number];
  job.input.number = number;
  job.input.kind =
      kind_ == scenario_kind::failover ? temper::good : temper_of(random_);
  job.input.encode_ms = static_cast<uint32_t>(
      kind_ == scenario_kind::failover ? 20'000 : random_.between(300, 15'000));
  auto name = "in/" + std::to_string(number) + ".mp4";
  std::ofstream{folder_ / name} << to_input(job.input);
  auto& spec = job.request.spec;
  spec.input = "media:/" + name;
  spec.output = "media:/out/" + output_name(number);
  spec.what.codec = random_.percent(50) ? "copy" : "h264";
  spec.stall_timeout_s = 8;
  spec.priority = static_cast<uint32_t>(random_.between(0, 10));
  job.request.key = "key " + std::to_string(number);
  auto when = kind_ == scenario_kind::failover ? duration{1s}
                                               : some_time(active_time * 3 / 4);
  at(when,
     [this, number] { caf::anon_send(any_client(), atom::submit_v, number); });
  if (kind_ != scenario_kind::failover && random_.percent(10))
    return plan_removal(number);
  // People press a button twice, and in two windows.
  if (random_.percent(25))
    at(when + some_time(2s), [this, number] {
      caf::anon_send(any_client(), atom::submit_v, number);
    });
  if (kind_ != scenario_kind::failover)
    plan_wishes(number);
}

/// Its user removes a job as soon as it has ended, or tries to. With the job
/// its key is forgotten, so that it must not be handed in again.
void scenario::plan_removal(uint32_t number) {
  for (auto when = some_time(10s); when < active_time + 20s; when += 5s)
    at(when, [=, this] {
      caf::anon_send(any_client(), atom::run_v, wish::remove, number,
                     std::string{});
    });
}

void scenario::plan_wishes(uint32_t number) {
  while (random_.percent(20)) {
    constexpr wish all[] = {wish::cancel, wish::pause, wish::resume,
                            wish::retry, wish::migrate};
    auto what = all[random_.below(std::size(all))];
    auto where =
        std::next(nodes_.hosts().begin(),
                  static_cast<ptrdiff_t>(random_.below(nodes_.hosts().size())))
            ->first;
    at(some_time(active_time), [=, this] {
      caf::anon_send(any_client(), atom::run_v, what, number, where);
    });
  }
}

void scenario::plan_faults() {
  switch (kind_) {
    case scenario_kind::calm:
      return;
    case scenario_kind::coordinator:
      return plan_coordinator_deaths();
    case scenario_kind::failover:
      return plan_failover();
    case scenario_kind::chaos:
      return plan_chaos();
  }
}

void scenario::kill_and_restart(host& x, duration when, duration down) {
  auto midway = random_.percent(50) ? random_.below(60) : 0;
  at(when, [=, this, &x] {
    if (midway > 0)
      nodes_.kill_after(x, midway);
    else
      nodes_.kill(x);
  });
  at(when + down, [this, &x] {
    nodes_.kill(x);
    nodes_.start(x);
  });
}

void scenario::plan_coordinator_deaths() {
  auto& x = nodes_.coordinator();
  auto deaths = random_.between(1, 5);
  for (size_t i = 0; i < deaths; ++i) {
    auto when = 1s + some_time(active_time);
    auto down = random_.percent(70) ? some_time(3s) : some_time(15s);
    if (random_.percent(50)) {
      kill_and_restart(x, when, down);
      continue;
    }
    auto step = random_.between(1, 12);
    at(when, [=, this] { nodes_.kill_at_journal_step(step); });
    at(when + 8s + down, [this, &x] {
      nodes_.kill_at_journal_step(0);
      nodes_.start(x);
    });
  }
}

host& scenario::any_host() {
  auto& hosts = nodes_.hosts();
  return std::next(hosts.begin(),
                   static_cast<ptrdiff_t>(random_.below(hosts.size())))
      ->second;
}

/// The host that encodes something is lost; what it did must begin elsewhere
/// in time.
void scenario::plan_failover() {
  at(random_.between(duration{6s}, duration{15s}), [this] {
    std::vector<host*> busy;
    for (const auto& run : sessions_.encodes())
      if (!run.ended)
        busy.push_back(&nodes_.hosts().at(run.node));
    if (busy.empty())
      return told_.violation("nothing runs that could be lost");
    auto& x = *busy[random_.below(busy.size())];
    auto how = random_.below(3);
    duration limit = how == 0 ? 1s : 3500ms;
    how == 0 ? nodes_.kill(x) : how == 1 ? nodes_.freeze(x) : nodes_.cut(x);
    auto since = all_.time().now();
    auto name = x.name;
    at(limit, [=, this] { check_failover(name, since, limit); });
  });
}

void scenario::check_failover(const std::string& name, instant since,
                              duration limit) {
  uint32_t elsewhere = 0;
  for (const auto& [other, x] : nodes_.hosts())
    if (x.roles.worker && other != name)
      elsewhere += x.slots;
  if (elsewhere < book_.jobs.size())
    return; // it may have to wait for a slot
  std::set<uint32_t> lost;
  std::set<uint32_t> again;
  for (const auto& run : sessions_.encodes()) {
    if (run.node == name && run.begun <= since
        && (!run.ended || *run.ended >= since))
      lost.insert(run.input);
    if (run.node != name && run.begun > since)
      again.insert(run.input);
  }
  for (auto input : lost)
    if (!again.contains(input))
      told_.violation("job " + std::to_string(input)
                      + " did not begin elsewhere within "
                      + std::to_string(limit.count() / 1'000'000) + " ms");
}

void scenario::plan_one_fault(duration when) {
  auto& x = any_host();
  auto lasts = random_.percent(60) ? some_time(5s) : some_time(20s);
  auto midway = random_.percent(50) ? random_.below(60) : 0;
  switch (random_.below(8)) {
    case 0:
    case 1:
      return kill_and_restart(x, when, lasts);
    case 2:
      at(when, [=, this, &x] { nodes_.freeze_after(x, midway); });
      return at(when + lasts, [this, &x] { nodes_.thaw(x); });
    case 3:
      at(when, [this, &x] { nodes_.cut(x); });
      return at(when + lasts, [this, &x] { nodes_.heal(x); });
    case 4:
      return at(when, [this, &x] { nodes_.reset(x); });
    case 6:
      at(when, [=, this, &x] { nodes_.leave(x, lasts); });
      // Some are started again before they are gone.
      return at(when + lasts * 3 / 2, [this, &x] { nodes_.start(x); });
    case 5: {
      auto& lead = nodes_.coordinator();
      at(when, [this, &lead] {
        lead.data.full = true;
        told_.note("alpha", "has a full disk");
      });
      return at(when + lasts, [this, &lead] {
        lead.data.full = false;
        told_.note("alpha", "has room on its disk");
      });
    }
    default: {
      auto name = x.name;
      at(when,
         [=, this] { caf::anon_send(any_client(), atom::drain_v, name); });
      return at(when + lasts, [=, this] {
        caf::anon_send(any_client(), atom::undrain_v, name);
      });
    }
  }
}

void scenario::plan_chaos() {
  auto faults = random_.between(1, 10);
  for (size_t i = 0; i < faults; ++i)
    plan_one_fault(some_time(active_time));
  if (random_.percent(50))
    plan_coordinator_deaths();
}

/// Everything works again.
void scenario::mend() {
  nodes_.kill_at_journal_step(0);
  nodes_.coordinator().data.full = false;
  for (auto& [name, x] : nodes_.hosts()) {
    nodes_.thaw(x);
    nodes_.heal(x);
    nodes_.start(x);
  }
  told_.note("all", "is mended");
}

bool scenario::quiet() const {
  return std::ranges::all_of(book_.jobs, [](const auto& x) {
    return (x.second.report && is_final(x.second.report->state))
           || x.second.granted.contains(wish::remove);
  });
}

/// Paused jobs go on, drained nodes take tasks; then every job must end.
void scenario::wait_for_quiet() {
  duration limit = 120s;
  for (const auto& [number, job] : book_.jobs)
    limit += std::chrono::milliseconds{4 * job.input.encode_ms} + 20s;
  auto until = all_.time().now() + limit;
  for (uint32_t round = 0; all_.time().now() < until; ++round) {
    if (round % 5 == 0) {
      for (const auto& [name, x] : nodes_.hosts())
        caf::anon_send(clients_[0], atom::undrain_v, name);
      for (const auto& [number, job] : book_.jobs)
        if (job.report && job.report->state == job_state::paused)
          caf::anon_send(clients_[0], atom::run_v, wish::resume, number,
                         std::string{});
    }
    caf::anon_send(clients_[0], atom::list_v);
    if (!all_.run_for(2s) || quiet())
      return;
  }
}

/// What the journal says about every job, for whoever looks into it.
void scenario::tell_journal() {
  for (const auto& [id, job] : nodes_.coordinator().data.kept.jobs())
    for (const auto& line : job.log)
      told_.note("journal", job.submitted.request.spec.name + " at "
                                + std::to_string(line.time_ms % 1'000'000)
                                + ": " + line.text);
}

verdict scenario::play() {
  build_cluster();
  plan_jobs();
  plan_faults();
  auto going = all_.run_for(active_time + 20s);
  if (going) {
    mend();
    // Whatever was asked for is answered or given up by then.
    going = all_.run_for(15s);
  }
  if (going)
    wait_for_quiet();
  all_.run_for(10s);
  outputs_.look();
  check({kind_, book_, sessions_, outputs_, nodes_.losses(),
         nodes_.coordinator().data},
        told_);
  for (const auto& x : all_.complaints)
    told_.violation(x);
  if (!told_.violations().empty())
    tell_journal();
  clients_.clear();
  all_.watch = [] {};
  verdict result;
  result.seed = seed_;
  result.kind = kind_;
  result.violations = told_.violations();
  result.history = told_.lines();
  result.digest = told_.digest();
  result.simulated_s = all_.time().elapsed_ms() / 1000;
  return result;
}

} // namespace

std::string to_string(scenario_kind kind) {
  switch (kind) {
    case scenario_kind::calm:
      return "calm";
    case scenario_kind::coordinator:
      return "coordinator";
    case scenario_kind::failover:
      return "failover";
    case scenario_kind::chaos:
      return "chaos";
  }
  return "unknown";
}

verdict play(uint64_t seed, bool trace) {
  return scenario{seed, trace}.play();
}

} // namespace troupe::simulation
