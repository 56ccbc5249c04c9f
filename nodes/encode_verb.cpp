#include "nodes/encode_verb.hpp"

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <utility>

#include <caf/event_based_actor.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <unistd.h>

#include "encode/presets.hpp"
#include "encode/validate.hpp"
#include "messages/types.hpp"
#include "nodes/job_summary.hpp"
#include "nodes/job_watch.hpp"
#include "nodes/json.hpp"
#include "nodes/local_node.hpp"
#include "nodes/preset_text.hpp"
#include "nodes/progress_line.hpp"
#include "nodes/standard_streams.hpp"

namespace troupe {

namespace {

constexpr std::chrono::seconds submit_deadline{30};

uint64_t unix_ms_now() {
  using namespace std::chrono;
  auto now = system_clock::now().time_since_epoch();
  return static_cast<uint64_t>(duration_cast<milliseconds>(now).count());
}

/// The report of a job that nobody admitted. It has an id like any other, so
/// that readers of the document need no second case.
job_report refused_report(job_spec spec, failure why) {
  job_report report;
  report.id = make_job_id();
  report.priority = effective_priority(spec);
  report.spec = std::move(spec);
  if (report.spec.name.empty())
    report.spec.name =
        std::filesystem::path{report.spec.input}.filename().string();
  report.state = job_state::failed;
  report.created_ms = unix_ms_now();
  report.finished_ms = report.created_ms;
  report.error = std::move(why);
  return report;
}

/// Shows how a job goes: a live line on a terminal, else lines now and then.
class progress_display {
public:
  explicit progress_display(terminal& screen) : screen_(screen) {}

  ~progress_display() { screen_.clear(); }

  void show(const job_report& report) {
    if (is_final(report.state))
      return; // the summary says it
    if (screen_.traits().live)
      screen_.show(live_line(report, screen_.columns(), screen_.traits()));
    else if (pacer_.is_due(report, line_pacer::clock::now()))
      screen_.say(plain_line(report));
  }

private:
  terminal& screen_;
  line_pacer pacer_;
};

/// What Ctrl-C does: the first cancels the job, which kills its session and
/// removes what is partial. Should that hang, one that comes later leaves
/// without waiting for it: the session dies with this process, but its partial
/// file would stay.
class canceller {
public:
  canceller(std::shared_ptr<terminal> screen, coordinator_actor coordinator,
            job_id job)
      : screen_(std::move(screen)), coordinator_(std::move(coordinator)),
        job_(job) {}

  void operator()(int) {
    auto now = clock::now();
    if (!asked_) {
      asked_ = now;
      caf::anon_send(coordinator_, atom::cancel_v, job_);
    }
    // Some parents pass a signal on that the terminal sent already.
    if (now - *asked_ < patience)
      return;
    screen_->clear();
    screen_->complain({ec::cancelled, to_string(job_),
                       "left before it was cleaned up",
                       "a partial file may lie beside the output"});
    _exit(exit_status(ec::cancelled));
  }

private:
  using clock = std::chrono::steady_clock;
  static constexpr std::chrono::seconds patience{1};

  std::shared_ptr<terminal> screen_;
  coordinator_actor coordinator_;
  job_id job_;
  std::optional<clock::time_point> asked_; ///< when the first signal came
};

outcome<job_id> submit(local_node& node, const job_spec& spec) {
  caf::scoped_actor self{node.system()};
  outcome<job_id> result{failure{}};
  self->request(node.coordinator(), submit_deadline, atom::submit_v,
                job_request{spec, ""})
      .receive([&](const job_id& id) { result = id; },
               [&](const caf::error& error) { result = from_caf(error); });
  return result;
}

/// Runs the job to its end, whatever that is.
job_report run_job(const job_spec& spec, const node_settings& settings,
                   const verb_context& context) {
  local_node node{settings};
  auto id = submit(node, spec);
  if (!id)
    return refused_report(spec, id.error());
  auto reports = std::make_shared<latest<job_report>>();
  job_report submitted;
  submitted.id = *id;
  submitted.spec = spec;
  node.system().spawn(job_watch, submitted, node.coordinator(), reports);
  interrupt_listener listener{
      context.signals, canceller{context.screen, node.coordinator(), *id}};
  progress_display display{*context.screen};
  for (;;) {
    auto report = reports->take();
    display.show(report);
    if (is_final(report.state))
      return report;
  }
}

int print_presets(bool as_json, terminal& screen) {
  auto text = as_json ? to_text(to_json(presets())) : preset_text(presets());
  auto printed = write_stdout(text);
  if (!printed)
    screen.complain(printed.error());
  return exit_status(printed.error().code);
}

outcome<job_spec> read_spec(const encode_verb& verb) {
  if (verb.input.empty())
    return failure{ec::usage, "INPUT", "is missing",
                   "say troupe encode INPUT -o OUTPUT"};
  return read_job(verb.job, verb.input);
}

job_report report_of(const encode_verb& verb, const verb_context& context) {
  auto spec = read_spec(verb);
  if (!spec)
    return refused_report(sketch_job(verb.job, verb.input), spec.error());
  auto settings = read_node_settings(verb.node);
  if (!settings)
    return refused_report(*spec, settings.error());
  return run_job(*spec, *settings, context);
}

} // namespace

CLI::App& encode_verb::add_to(CLI::App& app) {
  auto& verb = *app.add_subcommand("encode", "Encodes a file on this machine");
  verb.footer("The source is only read; an output is complete and verified, or "
              "not there at all.\n\n"
              "  troupe encode film.mkv -o film.mp4\n"
              "  troupe encode film.mkv -o film.webm --preset web\n"
              "  troupe encode film.mkv -o 'film_{height}.mp4' --rendition "
              "1080p --rendition 480p");
  verb.add_option("INPUT", input, "File to encode")->type_name("");
  verb.add_flag("--list-presets", list_presets,
                "Shows the presets and does nothing else");
  verb.add_flag("--json", json,
                "Prints what became of the job to standard output");
  add_job_options(verb, job);
  add_node_options(verb, node);
  return verb;
}

int encode_verb::run(const verb_context& context) const {
  auto& screen = *context.screen;
  if (list_presets)
    return print_presets(json, screen);
  auto report = report_of(*this, context);
  if (report.state == job_state::completed)
    for (const auto& line : summary_of(report))
      screen.say(line);
  else
    screen.complain(report.error);
  auto status = exit_status(report.error.code);
  if (!json)
    return status;
  auto printed = write_stdout(to_text(to_json(report)));
  if (printed)
    return status;
  screen.complain(printed.error());
  return status != 0 ? status : exit_status(printed.error().code);
}

} // namespace troupe
