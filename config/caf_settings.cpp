#include "config/caf_settings.hpp"

#include <string_view>
#include <vector>

#include "config/setting_value.hpp"
#include "config/suggestion.hpp"

namespace troupe {

namespace {

enum class caf_kind { policy, count, threads, pause };

struct caf_key {
  std::string_view name;
  caf_kind kind;
};

/// What CAF has besides is switched off in Debian's build (its log) or unused
/// here (its streams).
constexpr caf_key known[] = {
    {"scheduler.policy", caf_kind::policy},
    {"scheduler.max-threads", caf_kind::threads},
    {"scheduler.max-throughput", caf_kind::count},
    {"work-stealing.aggressive-poll-attempts", caf_kind::count},
    {"work-stealing.aggressive-steal-interval", caf_kind::count},
    {"work-stealing.moderate-poll-attempts", caf_kind::count},
    {"work-stealing.moderate-steal-interval", caf_kind::count},
    {"work-stealing.moderate-sleep-duration", caf_kind::pause},
    {"work-stealing.relaxed-steal-interval", caf_kind::count},
    {"work-stealing.relaxed-sleep-duration", caf_kind::pause},
    {"middleman.max-consecutive-reads", caf_kind::count},
    {"middleman.workers", caf_kind::threads},
};

struct forbidden_key {
  std::string_view begin; ///< of the key
  std::string_view reason;
};

constexpr forbidden_key forbidden[] = {
    {"middleman.heartbeat-interval",
     "nodes that freeze are found out by it; troupe sets it"},
    {"middleman.connection-timeout",
     "nodes that freeze are found out by it; troupe sets it"},
    {"middleman.enable-automatic-connections",
     "it opens a port that nothing protects"},
    {"openssl.", "[tls] names the certificates"},
};

outcome<std::string> read_policy(const config_value& value) {
  auto word = read_word(value, {"sharing", "stealing"});
  if (!word)
    return word.error();
  // Single quotes make an atom of it.
  return std::string{*word == 0 ? "'sharing'" : "'stealing'"};
}

/// @param most as many as CAF can do something with
outcome<std::string> read_count(const config_value& value, int64_t most) {
  auto number = read_integer(value, 1, most);
  if (!number)
    return number.error();
  return std::to_string(*number);
}

outcome<std::string> read_pause(const config_value& value) {
  constexpr double most_s = 10;
  auto seconds = read_duration(value, 0, most_s);
  if (!seconds)
    return seconds.error();
  return std::to_string(static_cast<int64_t>(*seconds * 1e6)) + "us";
}

outcome<std::string> read_as(caf_kind kind, const config_value& value) {
  switch (kind) {
    case caf_kind::policy:
      return read_policy(value);
    case caf_kind::count:
      return read_count(value, 1'000'000'000);
    case caf_kind::threads:
      return read_count(value, 1024);
    case caf_kind::pause:
      return read_pause(value);
  }
  return failure{ec::internal, "", "a kind of CAF's settings is missing", ""};
}

failure refuse_key(const std::string& key) {
  for (const auto& entry : forbidden)
    if (key.starts_with(entry.begin))
      return {ec::bad_config, "", "cannot be changed",
              std::string{entry.reason}};
  std::vector<std::string_view> names;
  for (const auto& entry : known)
    names.push_back(entry.name);
  failure result{ec::bad_config, "", "CAF 0.17 has no such setting here", ""};
  if (auto near = nearest(key, names); !near.empty())
    result.advice = "did you mean \"" + std::string{near} + "\"?";
  else
    result.advice = "allowed are keys of scheduler, work-stealing and "
                    "middleman; see the examples in config/";
  return result;
}

} // namespace

outcome<std::pair<std::string, std::string>>
read_caf_setting(const std::string& key, const config_value& value) {
  for (const auto& entry : known) {
    if (entry.name != key)
      continue;
    auto text = read_as(entry.kind, value);
    if (!text)
      return text.error();
    return std::pair{key, *text};
  }
  return refuse_key(key);
}

} // namespace troupe
