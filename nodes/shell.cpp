#include "nodes/shell.hpp"

#include "nodes/table.hpp"
#include "nodes/words.hpp"

namespace troupe {

namespace {

std::string verbs_text(bool utf8) {
  table rows{utf8};
  for (const auto& x : commands())
    rows.add({x.name, x.summary});
  rows.add({"help [VERB]", "Shows this, or what a verb takes"});
  rows.add({"quit", "Leaves; so do exit and Ctrl-D"});
  return rows.text(2);
}

failure unknown(const std::string& verb) {
  return {ec::usage, verb, "there is no such verb", "see help"};
}

} // namespace

const std::vector<std::string>& shell::builtins() {
  static const std::vector<std::string> all{"exit", "help", "quit"};
  return all;
}

int shell::help(const std::vector<std::string>& words) {
  auto& out = context_.out;
  if (words.size() < 2)
    return print(out, verbs_text(out.data_traits().utf8));
  if (auto* entry = find_command(words[1]))
    return run_command(*entry, {"--help"}, context_);
  return fail(out, unknown(words[1]), false);
}

void shell::run(std::string_view line) {
  auto words = split_words(line);
  int status = 0;
  if (!words)
    status = fail(context_.out, words.error(), false);
  else if (words->empty())
    return;
  else if (words->front() == "quit" || words->front() == "exit")
    left_ = true;
  else if (words->front() == "help")
    status = help(*words);
  else if (auto* entry = find_command(words->front()))
    status = run_command(*entry, {words->begin() + 1, words->end()}, context_);
  else
    status = fail(context_.out, unknown(words->front()), false);
  if (status != 0)
    status_ = status;
}

} // namespace troupe
