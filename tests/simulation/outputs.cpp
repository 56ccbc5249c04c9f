#include "tests/simulation/outputs.hpp"

#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include <sys/inotify.h>
#include <unistd.h>

namespace troupe::simulation {

namespace fs = std::filesystem;

bool is_partial(const std::string& name) {
  return name.starts_with('.') || name.ends_with(".partial");
}

output_folder::output_folder(std::string path, history& told)
    : path_(std::move(path)), aside_(path_ + ".aside"), told_(told),
      watch_(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)) {
  fs::create_directory(aside_);
  constexpr uint32_t changes =
      IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_MODIFY;
  if (!watch_ || ::inotify_add_watch(watch_.get(), path_.c_str(), changes) < 0)
    throw std::runtime_error("the folder of outputs can't be watched");
}

void output_folder::look() {
  alignas(inotify_event) std::array<char, 8192> buffer;
  for (;;) {
    auto size = ::read(watch_.get(), buffer.data(), buffer.size());
    if (size <= 0)
      return;
    for (ssize_t at = 0; at < size;) {
      auto event = reinterpret_cast<const inotify_event*>(buffer.data() + at);
      at += static_cast<ssize_t>(sizeof(inotify_event) + event->len);
      std::string name = event->len > 0 ? event->name : "";
      if (!ignores_ && !name.empty() && !is_partial(name))
        happened(name, event->mask);
    }
  }
}

void output_folder::happened(const std::string& name, uint32_t what) {
  auto now = read(name);
  auto [known, is_new] = contents_.emplace(name, now);
  if (is_new) {
    ++published_[name];
    return told_.note("disk", name + " appears");
  }
  if (known->second == now)
    return told_.note("disk", name + " is put in place of the same");
  known->second = now;
  if (what & IN_MODIFY)
    told_.violation(name + " changed after it was published");
  else if (now.empty())
    told_.violation(name + " was published and then vanished");
  else
    told_.violation(name + " was published again, differently");
}

void output_folder::before_kill() {
  look();
  for (const auto& name : names())
    if (is_partial(name))
      fs::create_hard_link(fs::path{path_} / name, fs::path{aside_} / name);
}

void output_folder::after_kill() {
  ignores_ = true;
  for (const auto& entry : fs::directory_iterator{aside_}) {
    auto was = fs::path{path_} / entry.path().filename();
    if (!fs::exists(was))
      fs::rename(entry.path(), was);
    else
      fs::remove(entry.path());
  }
  look();
  ignores_ = false;
}

uint32_t output_folder::published(const std::string& name) const {
  auto found = published_.find(name);
  return found == published_.end() ? 0 : found->second;
}

std::set<std::string> output_folder::names() const {
  std::set<std::string> result;
  for (const auto& entry : fs::directory_iterator{path_})
    result.insert(entry.path().filename().string());
  return result;
}

std::string output_folder::read(const std::string& name) const {
  std::ifstream file{fs::path{path_} / name, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

} // namespace troupe::simulation
