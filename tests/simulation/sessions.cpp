#include "tests/simulation/sessions.hpp"

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include "encode/unique_fd.hpp"
#include "tests/actors/samples.hpp"

namespace troupe::simulation {

namespace {

using namespace std::chrono_literals;

constexpr auto progress_interval = 700ms;

std::optional<input_script> read_script(int descriptor) {
  std::array<char, 100> text{};
  auto size = ::pread(descriptor, text.data(), text.size() - 1, 0);
  input_script result;
  unsigned kind = 0;
  if (size <= 0
      || std::sscanf(text.data(), "input %u temper %u takes %u ms",
                     &result.number, &kind, &result.encode_ms)
             != 3)
    return std::nullopt;
  result.kind = static_cast<temper>(kind);
  return result;
}

} // namespace

std::string to_input(const input_script& x) {
  return "input " + std::to_string(x.number) + " temper "
         + std::to_string(static_cast<unsigned>(x.kind)) + " takes "
         + std::to_string(x.encode_ms) + " ms\n";
}

std::string expected_output(uint32_t input) {
  std::string result;
  for (int i = 0; i < 8; ++i)
    result += "what became of input " + std::to_string(input) + '\n';
  return result;
}

/// One session. Timers hold it weakly: it goes with its handle.
class session_models::model
    : public std::enable_shared_from_this<session_models::model> {
public:
  model(session_models& owner, std::string node, uint64_t process,
        uint32_t slots, session::listener hears)
      : owner_(owner), node_(std::move(node)), process_(process), slots_(slots),
        hears_(std::move(hears)) {}

  uint64_t process() const { return process_; }
  bool alive() const { return alive_; }

  void begin() {
    later(20ms, 60ms, [this] {
      say(session::hello{session::protocol_version, {{"libx", "1"}}});
    });
  }

  void ask(const session::request& what, const std::vector<int>& with) {
    if (std::holds_alternative<session::inspect_request>(what))
      inspect(with);
    else if (auto encode = std::get_if<session::encode_request>(&what))
      begin_encode(encode->plan, with);
  }

  void die(int signal) {
    if (!std::exchange(alive_, false))
      return;
    end_run(false);
    outputs_.clear();
    hears_(session::exited{0, signal, ""});
  }

private:
  void say(session::event x) {
    if (alive_)
      hears_(std::move(x));
  }

  template <class F>
  void later(duration least, duration most, F what) {
    owner_.time_.after(owner_.random_.between(least, most),
                       [weak = weak_from_this(), what] {
                         if (auto self = weak.lock(); self && self->alive_)
                           what();
                       });
  }

  void inspect(const std::vector<int>& with) {
    auto script = with.empty() ? std::nullopt : read_script(with[0]);
    script_ = script.value_or(input_script{0, temper::bad_input, 0});
    later(70ms, 150ms, [this] {
      if (script_.kind == temper::bad_input)
        say(session::refused{
            {ec::bad_input, "", "this is no media", "repair it"}});
      else
        say(session::inspected{test::sample_media()});
    });
  }

  void begin_encode(const encode_plan& plan, const std::vector<int>& with) {
    plan_ = plan;
    for (auto fd : with)
      outputs_.emplace_back(::fcntl(fd, F_DUPFD_CLOEXEC, 0));
    // A session that was dismissed is gone by the time the next one encodes.
    if (owner_.alive(process_) > slots_)
      owner_.told_.violation(node_ + " runs more sessions than it has slots");
    run_ = owner_.encodes_.size();
    owner_.encodes_.push_back(
        {script_.number, node_, process_, owner_.time_.now(), {}, false});
    owner_.told_.note(node_, "encodes input " + std::to_string(script_.number));
    // Machines differ, and so do two runs.
    auto takes = duration{std::chrono::milliseconds{script_.encode_ms}};
    until_ = owner_.time_.now() + owner_.random_.between(takes, takes * 5 / 4);
    if (script_.kind == temper::crashes
        || (script_.kind == temper::flaky && owner_.random_.percent(50)))
      later(takes / 10, takes, [this] { die(SIGSEGV); });
    step();
  }

  void step() {
    auto left = until_ - owner_.time_.now();
    if (script_.kind == temper::stalls && frames_ > 0)
      return;
    if (left <= duration{0})
      return finish();
    auto pause = std::min(left, duration{progress_interval});
    later(pause, pause, [this] {
      session::progress figures;
      figures.counters.frames_encoded = ++frames_;
      figures.counters.position_s = 1;
      say(figures);
      step();
    });
  }

  void finish() {
    auto text = expected_output(script_.number);
    for (const auto& x : outputs_)
      if (::write(x.get(), text.data(), text.size()) < 0)
        return die(SIGBUS);
    session::progress figures;
    figures.counters.frames_encoded = 50;
    figures.verifying = true;
    say(figures);
    later(20ms, 100ms, [this, size = text.size()] {
      end_run(true);
      say(session::encoded{test::good_report(plan_, "h264", size)});
    });
  }

  void end_run(bool well) {
    if (!run_)
      return;
    auto& run = owner_.encodes_[*std::exchange(run_, std::nullopt)];
    run.ended = owner_.time_.now();
    run.well = well;
    owner_.told_.note(node_, (well ? "encoded input " : "lost input ")
                                 + std::to_string(run.input));
  }

  session_models& owner_;
  std::string node_;
  uint64_t process_;
  uint32_t slots_;
  session::listener hears_;
  bool alive_ = true;
  input_script script_;
  encode_plan plan_;
  std::vector<unique_fd> outputs_;
  std::optional<size_t> run_;
  instant until_;
  uint64_t frames_ = 0;
};

class session_models::handle final : public session::handle {
public:
  explicit handle(std::shared_ptr<model> x) : model_(std::move(x)) {}

  ~handle() override { model_->die(SIGKILL); }

  bool send(const session::request& what,
            const std::vector<int>& descriptors) override {
    if (model_->alive())
      model_->ask(what, descriptors);
    return model_->alive();
  }

  void kill() override { model_->die(SIGKILL); }

private:
  std::shared_ptr<model> model_;
};

session::starter session_models::starter(std::string node, uint64_t process,
                                         uint32_t slots) {
  return [=, this](const session::start_request&,
                   session::listener hears) -> outcome<session::handle_ptr> {
    std::erase_if(models_, [](const auto& x) { return x.expired(); });
    auto made =
        std::make_shared<model>(*this, node, process, slots, std::move(hears));
    models_.push_back(made);
    made->begin();
    return session::handle_ptr{std::make_unique<handle>(std::move(made))};
  };
}

size_t session_models::alive(uint64_t process) const {
  return static_cast<size_t>(std::ranges::count_if(models_, [&](const auto& x) {
    auto strong = x.lock();
    return strong && strong->alive() && strong->process() == process;
  }));
}

} // namespace troupe::simulation
