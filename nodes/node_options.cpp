#include "nodes/node_options.hpp"

#include "config/quantities.hpp"

namespace troupe {

void add_node_options(CLI::App& verb, node_options& to) {
  auto group = "Limits";
  verb.add_option("--memory", to.memory,
                  "Memory of a session (4GiB); 0 is no limit")
      ->group(group)
      ->type_name("SIZE");
  verb.add_option("--max-file-size", to.max_file_size,
                  "Size of an output (10GiB); 0 is no limit")
      ->group(group)
      ->type_name("SIZE");
  verb.add_option("--nice", to.nice,
                  "0 (no less than others, the default) to 19 (only idle time)")
      ->group(group)
      ->type_name("N");
}

outcome<node_settings> read_node_settings(const node_options& typed) {
  node_settings settings;
  settings.session.nice = 0;
  if (typed.memory) {
    auto memory = parse_size("--memory", *typed.memory);
    if (!memory)
      return memory.error();
    settings.session.memory_bytes = *memory;
  }
  if (typed.max_file_size) {
    auto size = parse_size("--max-file-size", *typed.max_file_size);
    if (!size)
      return size.error();
    settings.session.max_file_bytes = *size;
  }
  if (typed.nice) {
    auto nice = parse_count("--nice", *typed.nice, 0, 19);
    if (!nice)
      return nice.error();
    settings.session.nice = static_cast<int32_t>(*nice);
  }
  if (auto ok = check(settings); !ok)
    return failure{ok.error().code, "--" + ok.error().subject, ok.error().cause,
                   ok.error().advice};
  return settings;
}

} // namespace troupe
