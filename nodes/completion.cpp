#include "nodes/completion.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "nodes/words.hpp"

namespace troupe {

namespace {

namespace fs = std::filesystem;

constexpr size_t most_files = 1000;
constexpr size_t short_id_size = 12;

std::vector<std::string> fitting(const std::vector<std::string>& words,
                                 std::string_view beginning) {
  std::vector<std::string> result;
  for (const auto& x : words)
    if (x.starts_with(beginning))
      result.push_back(x);
  std::sort(result.begin(), result.end());
  return result;
}

std::vector<std::string> files(const std::string& word) {
  auto slash = word.rfind('/');
  auto folder = slash == std::string::npos ? "" : word.substr(0, slash + 1);
  std::vector<std::string> result;
  std::error_code error;
  fs::directory_iterator entry{folder.empty() ? "." : folder, error};
  for (; !error && entry != fs::directory_iterator{}
         && result.size() < most_files;
       entry.increment(error)) {
    std::error_code ignored;
    auto name = folder + entry->path().filename().string();
    // Hidden files only where somebody asks for them.
    if (entry->path().filename().string().starts_with('.')
        && !word.substr(folder.size()).starts_with('.'))
      continue;
    result.push_back(entry->is_directory(ignored) ? name + '/' : name);
  }
  return result;
}

/// Short ids, unless what was typed is the beginning of whole ones.
std::vector<std::string> ids(const std::vector<std::string>& whole,
                             std::string_view word) {
  std::vector<std::string> result;
  for (const auto& id : whole)
    result.push_back(id.substr(id.size() - std::min(id.size(), short_id_size)));
  return fitting(result, word).empty() ? whole : result;
}

std::vector<std::string> states() {
  std::vector<std::string> result;
  for (auto x :
       {job_state::queued, job_state::planning, job_state::running,
        job_state::assembling, job_state::verifying, job_state::completed,
        job_state::failed, job_state::cancelled, job_state::paused})
    result.emplace_back(to_string(x));
  return result;
}

std::vector<std::string> words_of(completion kind, const std::string& word,
                                  const completion_sources& sources) {
  switch (kind) {
    case completion::file:
      return files(word);
    case completion::node:
      return sources.nodes();
    case completion::job:
      return ids(sources.jobs(), word);
    case completion::job_state:
      return states();
    default:
      return {};
  }
}

/// A command's options, as CLI11 was told of them.
class option_list {
public:
  explicit option_list(const command_entry& entry) : command_(entry.make()) {
    command_->add_to(app_);
  }

  std::vector<std::string> names() {
    std::vector<std::string> result;
    for (auto* option : app_.get_options())
      for (const auto& name : option->get_lnames())
        result.push_back("--" + name);
    return result;
  }

  /// True when the word is an option that the next word belongs to.
  bool takes_value(const std::string& word) {
    auto* option =
        word.starts_with('-') ? app_.get_option_no_throw(word) : nullptr;
    return option != nullptr && option->get_items_expected_max() > 0;
  }

private:
  std::unique_ptr<command> command_;
  CLI::App app_;
};

completion kind_of_value(const command_entry& entry,
                         const std::string& option) {
  for (const auto& x : entry.options)
    if (x.option == option)
      return x.value;
  return completion::nothing;
}

std::vector<std::string> verbs(const std::vector<std::string>& builtins) {
  auto result = builtins;
  for (const auto& x : commands())
    result.push_back(x.name);
  return result;
}

} // namespace

completions complete(std::string_view line,
                     const std::vector<std::string>& builtins,
                     const completion_sources& sources) {
  auto typed = split_unfinished(line);
  completions result;
  result.word = typed.word;
  auto offer = [&](const std::vector<std::string>& words) {
    result.candidates = fitting(words, typed.word);
    return result;
  };
  if (typed.before.empty())
    return offer(verbs(builtins));
  const auto& verb = typed.before.front();
  if (verb == "help")
    return offer(verbs({}));
  auto* entry = find_command(verb);
  if (entry == nullptr)
    return result;
  option_list options{*entry};
  auto kind = entry->operands;
  if (typed.before.size() > 1 && options.takes_value(typed.before.back()))
    kind = kind_of_value(*entry, typed.before.back());
  else if (typed.word.starts_with('-'))
    return offer(options.names());
  result.file = kind == completion::file;
  return offer(words_of(kind, typed.word, sources));
}

std::string common_beginning(const std::vector<std::string>& words) {
  if (words.empty())
    return "";
  std::string_view result = words.front();
  for (const auto& x : words) {
    auto end = std::mismatch(result.begin(), result.end(), x.begin(), x.end());
    result = result.substr(0, static_cast<size_t>(end.first - result.begin()));
  }
  // Not within a character: its first byte alone is none.
  auto size = result.size();
  auto follows = [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
  };
  while (size > 0 && size < words.front().size()
         && follows(words.front()[size]))
    --size;
  return std::string{result.substr(0, size)};
}

} // namespace troupe
