#include "actors/session_failure.hpp"

#include <csignal>
#include <cstring>

namespace troupe {

namespace {

/// docs/session-protocol.md: memory ran out at the session's limit.
constexpr int out_of_memory_status = 70;
constexpr size_t max_quoted_bytes = 500;

std::string signal_name(int number) {
  auto name = ::sigabbrev_np(number);
  return name ? std::string{"SIG"} + name : "signal " + std::to_string(number);
}

std::string how_it_ended(const session::exited& end) {
  if (end.signal == 0)
    return "the session ended by itself with status "
           + std::to_string(end.status);
  auto result = "the session was killed by " + signal_name(end.signal);
  if (end.signal == SIGSYS)
    return result + ": it tried what its sandbox forbids";
  return result;
}

bool blames_output(ec code) {
  return code == ec::disk_full || code == ec::cannot_create
         || code == ec::output_exists;
}

} // namespace

failure failure_of_end(const session::exited& end, const std::string& subject) {
  if (end.signal == 0 && end.status == out_of_memory_status)
    return {ec::memory_limit, subject,
            "the session needed more memory than it may use",
            "choose a smaller picture or fewer threads, or raise the limit"};
  if (end.signal == SIGXFSZ)
    return {ec::disk_full, subject, "an output grew past the limit of one file",
            "raise the limit or choose a lower quality"};
  failure result{ec::session_crashed, subject, how_it_ended(end),
                 "try again; if it happens again, please report it"};
  if (auto words = harmless(end.last_words); !words.empty())
    result.cause += "; its last words: " + words;
  if (end.signal == SIGKILL && end.last_words.empty())
    result.advice = "perhaps the machine ran out of memory: see its log";
  return result;
}

failure failure_of_refusal(const failure& refused, const std::string& input,
                           const std::string& output) {
  failure result{refused.code, harmless(refused.subject),
                 harmless(refused.cause), harmless(refused.advice)};
  if (result.code == ec::none)
    return {ec::internal, input, "the session refused without a reason",
            "please report this"};
  auto path = blames_output(result.code) && !output.empty() ? output : input;
  result.subject = result.subject.empty() ? path : path + ", " + result.subject;
  return result;
}

std::string harmless(const std::string& text) {
  std::string result;
  for (unsigned char x : text) {
    auto blank = x < 0x20 || x == 0x7f;
    if (!blank)
      result += static_cast<char>(x);
    else if (!result.empty() && result.back() != ' ')
      result += ' ';
  }
  while (!result.empty() && result.back() == ' ')
    result.pop_back();
  if (result.size() > max_quoted_bytes)
    result = "..." + result.substr(result.size() - max_quoted_bytes);
  return result;
}

} // namespace troupe
