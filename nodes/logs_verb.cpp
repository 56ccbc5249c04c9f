#include "nodes/logs_verb.hpp"

#include <chrono>

#include "nodes/job_lookup.hpp"
#include "nodes/printable.hpp"
#include "nodes/readable.hpp"

namespace troupe {

namespace {

constexpr std::chrono::seconds between_looks{1};

std::string text_of(const log_line& line, bool utf8) {
  return iso_time(line.time_ms) + "  " + printable(line.text, utf8) + '\n';
}

} // namespace

void logs_verb::add_to(CLI::App& verb) {
  verb.add_option("ID", id_, "A job, or at least 4 characters of its id")
      ->type_name("")
      ->required();
  verb.add_flag("-f,--follow", follow_, "Goes on until the job ends");
  verb.add_flag("--json", json_,
                "Prints a JSON array; with -f, a document per line");
}

int logs_verb::run(const command_context& context) const {
  auto& out = context.out;
  auto& client = context.client;
  auto id = look_up_job(client, id_);
  if (!id)
    return fail(out, id.error(), json_);
  auto utf8 = out.data_traits().utf8 || !out.data_traits().live;
  for (size_t printed = 0;;) {
    // The state first: what was logged before it ended is there then.
    auto job = client.job(*id);
    auto lines = client.logs(*id);
    if (!job || !lines)
      return fail(out, !job ? job.error() : lines.error(), json_);
    if (json_ && !follow_)
      return print(out, to_text(to_array(*lines)));
    std::string text;
    for (; printed < lines->size(); ++printed)
      text += json_ ? to_line(to_json((*lines)[printed]))
                    : text_of((*lines)[printed], utf8);
    if (auto status = print(out, text); status != 0)
      return status;
    if (!follow_ || is_final(job->state))
      return 0;
    if (client.rest(between_looks))
      return exit_status(ec::cancelled);
  }
}

} // namespace troupe
