#include "config/setting_table.hpp"

#include <filesystem>

#include "config/setting_value.hpp"

namespace troupe {

namespace {

/// As for a job that says it itself.
constexpr double longest_s = 30 * 86400.0;

/// Writes what was read to its place, or hands the refusal on.
template <class T, class To>
outcome<void> put(const outcome<T>& read, To& to) {
  if (!read)
    return read.error();
  to = static_cast<To>(*read);
  return {};
}

outcome<void> put_path(const config_value& value, const setting_target& to,
                       std::string& path) {
  auto text = read_text(value, "a path");
  if (!text)
    return text.error();
  if (text->find('\0') != std::string::npos)
    return refuse_value(value, "a path");
  path = absolute_path(to.folder, *text);
  return {};
}

outcome<void> set_name(const config_value& value, setting_target& to) {
  constexpr auto allowed = "1 to 64 letters, digits, '-', '_' and '.'";
  auto name = read_text(value, allowed);
  if (name && !is_node_name(*name))
    return refuse_value(value, allowed);
  return put(name, to.settings.name);
}

outcome<void> add_role(const config_value& item, node_roles& roles) {
  auto role = read_word(item, {"coordinator", "worker", "gateway"});
  if (!role)
    return role.error();
  if (*role == 2)
    return failure{ec::bad_config, "", "found \"gateway\"",
                   "not supported yet; allowed are coordinator, worker"};
  (*role == 0 ? roles.coordinator : roles.worker) = true;
  return {};
}

outcome<void> set_roles(const config_value& value, setting_target& to) {
  constexpr auto allowed = R"(a list such as ["coordinator", "worker"])";
  auto items = read_list(value, allowed);
  if (!items)
    return items.error();
  if (items->empty())
    return failure{ec::bad_config, "", "found an empty list",
                   std::string{"allowed is "} + allowed};
  node_roles roles;
  roles.worker = false;
  for (const auto& item : *items)
    if (auto added = add_role(item, roles); !added)
      return added;
  to.settings.roles = roles;
  return {};
}

outcome<void> set_bind(const config_value& value, setting_target& to) {
  constexpr auto allowed = "an address of this machine, such as 127.0.0.1, "
                           "192.168.1.5, 0.0.0.0 for all, or ::1";
  auto text = read_text(value, allowed);
  if (!text)
    return text.error();
  if (!is_address(*text) && *text != "localhost")
    return refuse_value(value, allowed);
  to.settings.bind = *text;
  return {};
}

outcome<endpoint> read_endpoint(const config_value& value, uint16_t port) {
  constexpr auto allowed = "HOST:PORT, such as \"10.0.0.5:7400\"";
  auto text = read_text(value, allowed);
  if (!text)
    return text.error();
  auto result = parse_endpoint("", *text, port);
  if (!result)
    return refuse_value(value, "a host name or address and a port of 1 to "
                               "65535, such as \"10.0.0.5:7400\" or "
                               "\"[::1]:7400\"");
  return result;
}

outcome<void> set_advertise(const config_value& value, setting_target& to) {
  // 0 until the whole file is read: it may say the port further down.
  auto where = read_endpoint(value, 0);
  if (where && is_wildcard(where->host))
    return refuse_value(value, "an address that others can dial");
  return put(where, to.settings.advertise);
}

/// All mistakes at once: a wrong seed says nothing about the next.
outcome<void> set_seeds(const config_value& value, setting_target& to) {
  auto items = read_list(value, R"(a list such as ["10.0.0.5:7400"])");
  if (!items)
    return items.error();
  to.settings.seeds.clear();
  for (const auto& item : *items) {
    auto seed = read_endpoint(item, default_port);
    if (seed) {
      to.settings.seeds.push_back(*seed);
    } else {
      to.item_mistakes.push_back({item.where, seed.error()});
    }
  }
  return {};
}

outcome<void> set_memory(const config_value& value, setting_target& to) {
  auto bytes = read_size(value);
  if (bytes && *bytes != 0 && *bytes < least_session_memory_bytes)
    return refuse_value(value, "64MiB and more, or 0 for no limit");
  return put(bytes, to.settings.session.memory_bytes);
}

outcome<void> set_probe(const config_value& value, setting_target& to) {
  auto word = read_word(value, {"full", "quick"});
  if (word)
    to.settings.probe = *word == 0 ? probe_extent::full : probe_extent::quick;
  return word ? outcome<void>{} : word.error();
}

outcome<void> set_io_priority(const config_value& value, setting_target& to) {
  auto word = read_word(value, {"best-effort", "idle"});
  if (word)
    to.settings.session.io =
        *word == 0 ? io_priority::best_effort : io_priority::idle;
  return word ? outcome<void>{} : word.error();
}

constexpr setting table[] = {
    {"node", "name", set_name},
    {"node", "roles", set_roles},
    {"node", "bind", set_bind},
    {"node", "port",
     [](const config_value& value, setting_target& to) {
       return put(read_integer(value, 1, 65535), to.settings.port);
     }},
    {"node", "advertise", set_advertise},
    {"node", "seeds", set_seeds},
    {"node", "data-dir",
     [](const config_value& value, setting_target& to) {
       return put_path(value, to, to.settings.data_dir);
     }},
    {"node", "slots",
     [](const config_value& value, setting_target& to) {
       return put(read_integer(value, 1, most_slots), to.settings.slots);
     }},
    {"node", "threads",
     [](const config_value& value, setting_target& to) {
       return put(read_integer(value, 0, most_threads), to.settings.threads);
     }},
    {"node", "probe", set_probe},
    {"node", "drain-timeout",
     [](const config_value& value, setting_target& to) {
       return put(read_duration(value, 0, 86400), to.settings.drain_timeout_s);
     }},
    {"tls", "certificate",
     [](const config_value& value, setting_target& to) {
       return put_path(value, to, to.tls.certificate);
     }},
    {"tls", "key",
     [](const config_value& value, setting_target& to) {
       return put_path(value, to, to.tls.key);
     }},
    {"tls", "ca",
     [](const config_value& value, setting_target& to) {
       return put_path(value, to, to.tls.ca);
     }},
    {"limits", "max-file-size",
     [](const config_value& value, setting_target& to) {
       return put(read_size(value), to.settings.session.max_file_bytes);
     }},
    {"limits", "memory", set_memory},
    {"limits", "nice",
     [](const config_value& value, setting_target& to) {
       return put(read_integer(value, 0, most_nice), to.settings.session.nice);
     }},
    {"limits", "io-priority", set_io_priority},
    {"limits", "cpu-percent",
     [](const config_value& value, setting_target& to) {
       return put(read_integer(value, 1, 100), to.settings.cpu_percent);
     }},
    {"limits", "job-timeout",
     [](const config_value& value, setting_target& to) {
       return put(read_duration(value, 0, longest_s),
                  to.settings.job_timeout_s);
     }},
    {"limits", "stall-timeout",
     [](const config_value& value, setting_target& to) {
       return put(read_duration(value, 1, longest_s),
                  to.settings.stall_timeout_s);
     }},
    {"journal", "keep-jobs",
     [](const config_value& value, setting_target& to) {
       return put(read_integer(value, 0, 10'000'000),
                  to.settings.journal.keep_jobs);
     }},
    {"journal", "keep-days",
     [](const config_value& value, setting_target& to) {
       return put(read_integer(value, 1, 36'500),
                  to.settings.journal.keep_days);
     }},
};

} // namespace

std::span<const setting> settings_table() {
  return table;
}

const std::vector<std::string_view>& settings_sections() {
  static const std::vector<std::string_view> names{"node",   "roots",   "tls",
                                                   "limits", "journal", "caf"};
  return names;
}

std::string absolute_path(const std::string& folder, const std::string& path) {
  std::filesystem::path result{path};
  if (result.is_relative())
    result = std::filesystem::path{folder} / result;
  result = result.lexically_normal();
  // "media/" and "media" are one.
  if (!result.has_filename() && result.has_relative_path())
    result = result.parent_path();
  return result.string();
}

} // namespace troupe
