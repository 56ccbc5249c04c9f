#include "tests/simulation/checker.hpp"

#include <algorithm>

namespace troupe::simulation {

namespace {

std::string describe(const submission& job) {
  auto result = "job " + std::to_string(job.input.number);
  if (job.acknowledged)
    result += " (" + to_string(*job.acknowledged) + ")";
  return result;
}

/// What a job may fail with, given its input and what happened to it.
bool may_fail_with(const submission& job, ec code, uint32_t losses) {
  switch (job.input.kind) {
    case temper::bad_input:
      if (code == ec::bad_input)
        return true;
      break;
    case temper::crashes:
    case temper::flaky:
      if (code == ec::session_crashed || code == ec::poison)
        return true;
      break;
    case temper::stalls:
      if (code == ec::stalled)
        return true;
      break;
    case temper::good:
      break;
  }
  // Three nodes lost in a row end every job.
  return code == ec::poison && losses >= 3;
}

void check_end(const submission& job, uint32_t losses, history& told) {
  const auto& report = *job.report;
  switch (report.state) {
    case job_state::completed:
      if (job.input.kind != temper::good && job.input.kind != temper::flaky)
        told.violation(describe(job) + " completed and could not");
      return;
    case job_state::cancelled:
      if (job.count(wish::cancel) == 0)
        told.violation(describe(job) + " is cancelled and nobody asked for it");
      return;
    case job_state::failed:
      if (!may_fail_with(job, report.error.code, losses))
        told.violation(describe(job)
                       + " failed: " + std::string{to_string(report.error.code)}
                       + ", " + to_string(report.error));
      return;
    default:
      told.violation(describe(job) + " is stuck as "
                     + std::string{to_string(report.state)} + " "
                     + report.waiting);
  }
}

/// An attempt was let publish, and went away with its node before it could say
/// that it had. When nothing else succeeds, its file stays.
bool may_have_published(const submission& job, const disk& journal) {
  auto found = job.acknowledged ? journal.kept.jobs().find(*job.acknowledged)
                                : journal.kept.jobs().end();
  return found != journal.kept.jobs().end()
         && std::ranges::any_of(found->second.attempts, [](const auto& x) {
              return x.second.granted && x.second.end == attempt_end::lost;
            });
}

bool in_journal(const submission& job, const disk& journal) {
  return job.acknowledged && journal.kept.jobs().contains(*job.acknowledged);
}

/// What is forgotten is forgotten for good, and nothing else is.
void check_memory(const submission& job, const disk& journal, history& told) {
  auto known = in_journal(job, journal);
  if (known && job.granted.contains(wish::remove))
    told.violation(describe(job) + " was removed and is still known");
  if (!known && job.count(wish::remove) == 0)
    told.violation(describe(job) + " is forgotten and nobody asked for it");
}

void check_output(const submission& job, const remains& x, history& told) {
  const auto& outputs = x.outputs;
  auto name = output_name(job.input.number);
  auto published = outputs.published(name);
  if (published > 0 && outputs.read(name) != expected_output(job.input.number))
    told.violation(describe(job) + " has other bytes than it must");
  if (!in_journal(job, x.journal))
    return; // nobody knows any more how it ended
  auto completed = job.report && job.report->state == job_state::completed;
  if (!completed && published > 0 && !may_have_published(job, x.journal))
    told.violation(describe(job) + " did not complete, and published "
                   + std::to_string(published) + " times");
  if (completed && published != 1)
    told.violation(describe(job) + " published " + std::to_string(published)
                   + " times");
}

/// Nothing is encoded twice unless something was lost.
void check_encodes(const remains& x, const submission& job, history& told) {
  auto begun = std::ranges::count(x.sessions.encodes(), job.input.number,
                                  &encode_run::input);
  auto lossless =
      x.kind == scenario_kind::calm || x.kind == scenario_kind::coordinator;
  if (lossless && job.input.kind == temper::good && begun > 1
      && job.count(wish::migrate) == 0 && job.count(wish::retry) == 0)
    told.violation(describe(job) + " was encoded " + std::to_string(begun)
                   + " times");
}

/// Whether the file is what a killed node left of a job that never completed:
/// nobody was there who could know of it.
bool is_wreck(const remains& x, const std::string& name) {
  return x.losses > 0
         && std::ranges::any_of(x.book.jobs, [&](const auto& entry) {
              const auto& [number, job] = entry;
              return name.starts_with('.' + output_name(number) + '.')
                     && !(job.report
                          && job.report->state == job_state::completed);
            });
}

void check_leftovers(const remains& x, history& told) {
  std::set<std::string> allowed;
  for (const auto& [number, job] : x.book.jobs)
    allowed.insert(output_name(number));
  for (const auto& name : x.outputs.names())
    if (!allowed.contains(name) && !is_wreck(x, name))
      told.violation(name + " is left over");
}

} // namespace

std::string output_name(uint32_t input) {
  return "output-" + std::to_string(input) + ".mp4";
}

void check(const remains& x, history& told) {
  for (const auto& [number, job] : x.book.jobs) {
    if (!job.acknowledged) {
      told.violation(describe(job) + " was never acknowledged");
    } else if (!job.report) {
      if (job.count(wish::remove) == 0)
        told.violation(describe(job) + " isn't known");
    } else if (is_final(job.report->state)
               || !job.granted.contains(wish::remove)) {
      check_end(job, x.losses, told);
      if (job.announced && job.count(wish::retry) == 0
          && *job.announced != job.report->state)
        told.violation(describe(job) + " was announced as "
                       + std::string{to_string(*job.announced)} + " and is "
                       + std::string{to_string(job.report->state)});
    }
    check_memory(job, x.journal, told);
    check_output(job, x, told);
    check_encodes(x, job, told);
  }
  check_leftovers(x, told);
  for (const auto& complaint : x.journal.complaints)
    told.violation(complaint);
}

} // namespace troupe::simulation
