#pragma once

#include <csignal>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include <fcntl.h>

#include "encode/session_process.hpp"
#include "encode/unique_fd.hpp"

namespace troupe::test {

/// A model of one session, in the hands of its test.
class fake_session {
public:
  fake_session(session::start_request with, session::listener listener)
      : how(std::move(with)), hears_(std::move(listener)) {}

  session::start_request how;
  std::vector<session::request> requests;
  /// Of the last request that brought any; the session's own copies.
  std::vector<unique_fd> descriptors;
  bool alive = true;

  void say(session::event x) {
    if (alive)
      hears_(std::move(x));
  }

  void die(session::exited how_it_ended) {
    if (std::exchange(alive, false))
      hears_(std::move(how_it_ended));
  }

  /// True when the last request was of that kind.
  template <class Request>
  bool was_asked() const {
    return !requests.empty()
           && std::holds_alternative<Request>(requests.back());
  }

  void take(const session::request& what, const std::vector<int>& with) {
    requests.push_back(what);
    if (with.empty())
      return;
    descriptors.clear();
    for (auto fd : with)
      descriptors.emplace_back(::fcntl(fd, F_DUPFD_CLOEXEC, 0));
  }

private:
  session::listener hears_;
};

/// Stands where the operating system would: "starts" models.
class fake_sessions {
public:
  /// Every session that was started, dead ones too.
  std::vector<std::shared_ptr<fake_session>> all;

  /// When set, no session starts.
  std::optional<failure> refusal;

  /// Called after each request, the start included; empty: the test speaks for
  /// the sessions.
  std::function<void(fake_session&, const session::request&)> script;

  session::starter starter() {
    return [this](const session::start_request& how,
                  session::listener hears) -> outcome<session::handle_ptr> {
      if (refusal)
        return *refusal;
      all.push_back(std::make_shared<fake_session>(how, std::move(hears)));
      auto result = std::make_unique<handle>(*this, all.back());
      result->ask(how);
      return session::handle_ptr{std::move(result)};
    };
  }

  fake_session& last() { return *all.at(all.size() - 1); }

  size_t alive() const {
    size_t result = 0;
    for (const auto& x : all)
      result += x->alive ? 1 : 0;
    return result;
  }

private:
  class handle final : public session::handle {
  public:
    handle(fake_sessions& owner, std::shared_ptr<fake_session> session)
        : owner_(owner), session_(std::move(session)) {}

    ~handle() override { handle::kill(); }

    bool send(const session::request& what,
              const std::vector<int>& descriptors) override {
      if (!session_->alive)
        return false;
      session_->take(what, descriptors);
      ask(what);
      return true;
    }

    void kill() override { session_->die({0, SIGKILL, ""}); }

    void ask(const session::request& what) {
      if (owner_.script)
        owner_.script(*session_, what);
    }

  private:
    fake_sessions& owner_;
    std::shared_ptr<fake_session> session_;
  };
};

} // namespace troupe::test
