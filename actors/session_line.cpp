#include "actors/session_line.hpp"

#include <deque>
#include <mutex>
#include <variant>

namespace troupe {

namespace {

/// Greeting, answers to two requests, progress before and while verifying, and
/// the end: no session has more to say that nobody looked at.
constexpr size_t max_unread = 8;

const session::progress* progress_in(const session::notice& x) {
  auto said = std::get_if<session::event>(&x);
  return said ? std::get_if<session::progress>(said) : nullptr;
}

/// Newer progress makes older progress of the same stage worthless.
bool supersedes(const session::notice& newer, const session::notice& older) {
  auto a = progress_in(newer);
  auto b = progress_in(older);
  return a && b && a->verifying == b->verifying;
}

} // namespace

/// Filled by the session's thread, emptied by the actor.
class session_line::inbox {
public:
  explicit inbox(std::function<void()> wake) : wake_(std::move(wake)) {}

  void push(session::notice x) {
    {
      std::lock_guard lock{mutex_};
      auto was_empty = unread_.empty();
      store(std::move(x));
      if (!was_empty)
        return;
    }
    wake_();
  }

  std::optional<session::notice> pop() {
    std::lock_guard lock{mutex_};
    if (unread_.empty())
      return std::nullopt;
    auto result = std::move(unread_.front());
    unread_.pop_front();
    return result;
  }

  bool babbling() {
    std::lock_guard lock{mutex_};
    return babbling_;
  }

private:
  void store(session::notice x) {
    if (!unread_.empty() && supersedes(x, unread_.back()))
      unread_.back() = std::move(x);
    else if (unread_.size() < max_unread
             || std::holds_alternative<session::exited>(x))
      unread_.push_back(std::move(x));
    else
      babbling_ = true;
  }

  std::function<void()> wake_;
  std::mutex mutex_;
  std::deque<session::notice> unread_;
  bool babbling_ = false;
};

outcome<session_line> session_line::open(const session::starter& start,
                                         const session::start_request& how,
                                         std::function<void()> wake) {
  auto heard = std::make_shared<inbox>(std::move(wake));
  auto session =
      start(how, [heard](session::notice x) { heard->push(std::move(x)); });
  if (!session)
    return session.error();
  return session_line{std::move(heard), std::move(*session)};
}

session_line::session_line(std::shared_ptr<inbox> heard,
                           session::handle_ptr session)
    : heard_(std::move(heard)), session_(std::move(session)) {}

session_line::~session_line() = default;
session_line::session_line(session_line&&) noexcept = default;
session_line& session_line::operator=(session_line&&) noexcept = default;

bool session_line::send(const session::request& what,
                        const std::vector<int>& descriptors) {
  return session_->send(what, descriptors);
}

std::optional<session::notice> session_line::next() {
  return heard_->pop();
}

bool session_line::babbling() const {
  return heard_->babbling();
}

} // namespace troupe
