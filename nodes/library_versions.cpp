#include "nodes/library_versions.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <utility>
#include <variant>

#include "actors/session_failure.hpp"
#include "nodes/latest.hpp"

namespace troupe {

namespace {

using answer = outcome<std::vector<library_version>>;

constexpr std::chrono::seconds patience{10};

/// What a notice says about the libraries, if it does.
std::optional<answer> read(session::notice& what) {
  if (auto* end = std::get_if<session::exited>(&what))
    return failure_of_end(*end, "troupe-session");
  auto* hello = std::get_if<session::hello>(&std::get<session::event>(what));
  if (hello == nullptr)
    return std::nullopt;
  if (hello->version != session::protocol_version)
    return failure{ec::protocol_mismatch, "troupe-session",
                   "is of another version than troupe",
                   "install both together"};
  return std::move(hello->libraries);
}

} // namespace

outcome<std::vector<library_version>>
library_versions(const session::starter& start) {
  auto heard = std::make_shared<latest<answer>>();
  auto told = std::make_shared<bool>(false); // used by the session's thread
  auto session = start({}, [heard, told](session::notice what) {
    if (*told)
      return;
    if (auto said = read(what)) {
      *told = true;
      heard->put(std::move(*said));
    }
  });
  if (!session)
    return session.error();
  auto result = heard->take_within(patience);
  if (!result)
    return failure{ec::session_unavailable, "troupe-session",
                   "does not greet within 10 s", "try again"};
  return std::move(*result);
}

} // namespace troupe
