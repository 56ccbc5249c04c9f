#include "config/node_checks.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include <unistd.h>

#include "config/certificates.hpp"

namespace troupe {

namespace {

namespace fs = std::filesystem;

failure mistake(std::string_view key, std::string found, std::string advice) {
  return {ec::bad_config, std::string{key}, std::move(found),
          std::move(advice)};
}

class together {
public:
  together(const setting_target& read, const was_said& said)
      : read_(read), settings_(read.settings), said_(said) {}

  std::vector<failure> check() {
    check_names();
    check_tls();
    check_addresses();
    return std::move(mistakes_);
  }

private:
  void complain(std::string_view key, std::string found, std::string advice) {
    mistakes_.push_back(mistake(key, std::move(found), std::move(advice)));
  }

  void check_names() {
    if (!said_("node.name"))
      complain("node.name", "is missing",
               "every node of a cluster has a name of its own");
    if (settings_.roles.coordinator && !said_("node.data-dir"))
      complain("node.data-dir", "is missing",
               "a coordinator needs a folder for its journal");
    if (!settings_.roles.coordinator && !said_("node.seeds"))
      complain("node.seeds", "is missing",
               "a node that is not the coordinator needs HOST:PORT of one "
               "that knows the cluster");
    else if (!settings_.roles.coordinator && settings_.seeds.empty())
      complain("node.seeds", "found an empty list",
               "a node that is not the coordinator needs one");
  }

  void check_tls() {
    if (!said_("tls"))
      return;
    for (auto key : {"tls.certificate", "tls.key", "tls.ca"})
      if (!said_(key))
        complain(key, "is missing",
                 "[tls] needs certificate, key and ca; see troupe ca");
  }

  void check_addresses() {
    if (is_wildcard(settings_.bind) && !said_("node.advertise"))
      complain("node.advertise", "is missing",
               "nobody can dial " + settings_.bind
                   + ": say under which address others reach this node");
    if (said_("tls"))
      return;
    constexpr auto needs = "beyond loopback, [tls] with certificate, key and "
                           "ca is needed; see troupe ca";
    if (!is_loopback(settings_.bind))
      complain("node.bind", "found \"" + settings_.bind + "\" without [tls]",
               needs);
    if (const auto& named = settings_.advertise;
        named && !is_loopback(named->host))
      complain("node.advertise",
               "found \"" + to_string(*named) + "\" without [tls]", needs);
    for (const auto& seed : settings_.seeds)
      if (!is_loopback(seed.host))
        complain("node.seeds",
                 "found \"" + to_string(seed) + "\" without [tls]", needs);
  }

  const setting_target& read_;
  const node_settings& settings_;
  const was_said& said_;
  std::vector<failure> mistakes_;
};

/// Why the folder can't be used with these rights; "" when it can.
std::string why_not(const fs::path& folder, int rights) {
  std::error_code error;
  auto status = fs::status(folder, error);
  if (!fs::exists(status))
    return "\"" + folder.string() + "\" is not there";
  if (!fs::is_directory(status))
    return "\"" + folder.string() + "\" is no folder";
  if (::access(folder.c_str(), rights) != 0)
    return "\"" + folder.string() + "\": " + std::strerror(errno);
  return "";
}

/// The folder, or what is there of the way to it: the rest can be made.
fs::path nearest_that_exists(fs::path path) {
  std::error_code error;
  while (!fs::exists(path, error) && path.has_relative_path())
    path = path.parent_path();
  return path;
}

/// True when `inner` is `outer` or lies in it. Both are taken with their links
/// followed.
bool lies_in(const std::string& inner, const std::string& outer) {
  std::error_code error;
  auto in = fs::weakly_canonical(inner, error);
  auto out = fs::weakly_canonical(outer, error);
  return std::mismatch(out.begin(), out.end(), in.begin(), in.end()).first
         == out.end();
}

class on_disk {
public:
  explicit on_disk(const node_settings& settings) : settings_(settings) {}

  disk_findings check(std::chrono::system_clock::time_point now) {
    check_roots();
    check_data_dir();
    if (settings_.tls)
      check_tls(*settings_.tls, now);
    return std::move(found_);
  }

private:
  void complain(std::string_view key, std::string found, std::string advice) {
    found_.mistakes.push_back(
        mistake(key, std::move(found), std::move(advice)));
  }

  void check_roots() {
    for (const auto& [name, directory] : settings_.roots)
      if (auto why = why_not(directory, R_OK | X_OK); !why.empty())
        complain("roots." + name, why,
                 "allowed is a folder that this node may read");
  }

  void check_data_dir() {
    const auto& folder = settings_.data_dir;
    if (folder.empty()) {
      if (settings_.roles.worker)
        found_.warnings.push_back(
            "node.data-dir is not said: when this node is killed, partial "
            "files of what it was encoding stay in the roots");
      return;
    }
    auto why = why_not(nearest_that_exists(folder), W_OK | X_OK);
    if (!why.empty())
      complain("node.data-dir", why,
               "allowed is a folder that this node may write, or make");
    for (const auto& [name, directory] : settings_.roots)
      if (lies_in(folder, directory))
        complain("node.data-dir", "lies in the root " + name,
                 "jobs must not reach it: choose a folder outside all roots");
  }

  void check_tls(const tls_settings& files,
                 std::chrono::system_clock::time_point now) {
    auto found = check_certificates(files, now);
    for (auto& error : found.mistakes) {
      auto key = error.subject == files.key  ? "tls.key"
                 : error.subject == files.ca ? "tls.ca"
                                             : "tls.certificate";
      error.cause = error.subject + ": " + error.cause;
      error.subject = key;
      found_.mistakes.push_back(std::move(error));
    }
    for (auto& warning : found.warnings)
      found_.warnings.push_back(std::move(warning));
    for (const auto& [name, directory] : settings_.roots)
      if (lies_in(files.key, directory))
        complain("tls.key", "lies in the root " + name,
                 "jobs must not reach it: choose a folder outside all roots");
  }

  const node_settings& settings_;
  disk_findings found_;
};

} // namespace

std::vector<failure> check_together(const setting_target& read,
                                    const was_said& said) {
  return together{read, said}.check();
}

disk_findings check_on_disk(const node_settings& settings,
                            std::chrono::system_clock::time_point now) {
  return on_disk{settings}.check(now);
}

} // namespace troupe
