#include "nodes/load_watch.hpp"

#include <chrono>
#include <utility>

#include "hw/load.hpp"

namespace troupe {

namespace {

constexpr std::chrono::seconds interval{1};

node_load look(load_sampler& machine, const root_table& roots) {
  node_load result;
  result.cpu = machine.cpu();
  result.memory_free_bytes = machine.memory_free_bytes();
  result.roots = roots.statuses();
  return result;
}

} // namespace

load_watch::load_watch(std::shared_ptr<const root_table> roots)
    : roots_(std::move(roots)), thread_([this] { watch(); }) {}

load_watch::~load_watch() {
  {
    std::lock_guard guard{mutex_};
    ending_ = true;
    changed_.notify_one();
  }
  thread_.join();
}

node_load load_watch::latest() const {
  std::lock_guard guard{mutex_};
  return latest_;
}

void load_watch::watch() {
  load_sampler machine;
  std::unique_lock lock{mutex_};
  while (!ending_) {
    lock.unlock();
    auto seen = look(machine, *roots_);
    lock.lock();
    latest_ = std::move(seen);
    changed_.wait_for(lock, interval, [this] { return ending_; });
  }
}

} // namespace troupe
