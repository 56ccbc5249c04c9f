#include "nodes/log.hpp"

#include <algorithm>
#include <chrono>
#include <ctime>
#include <utility>

#include <fmt/chrono.h>
#include <spdlog/details/null_mutex.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>

namespace troupe {

namespace {

/// No lock of its own: the terminal has one.
class terminal_sink final
    : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
public:
  explicit terminal_sink(std::shared_ptr<terminal> screen)
      : screen_(std::move(screen)) {}

private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    auto level = spdlog::level::to_string_view(message.level);
    screen_->say(fmt::format(
        "troupe: {}: {}", std::string_view{level.data(), level.size()},
        std::string_view{message.payload.data(), message.payload.size()}));
  }

  void flush_() override {}

  std::shared_ptr<terminal> screen_;
};

/// With times, as a node's log is read when its day is over.
class node_sink final
    : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
public:
  explicit node_sink(std::shared_ptr<terminal> screen)
      : screen_(std::move(screen)) {}

private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    using namespace std::chrono;
    auto level = spdlog::level::to_string_view(message.level);
    auto time = time_point_cast<milliseconds>(message.time);
    auto fraction = time.time_since_epoch().count() % 1000;
    auto seconds_only = system_clock::to_time_t(time);
    std::tm parts{};
    gmtime_r(&seconds_only, &parts);
    screen_->say(fmt::format(
        "{:%Y-%m-%dT%H:%M:%S}.{:03}Z {:7} {}", parts, fraction,
        std::string_view{level.data(), level.size()},
        std::string_view{message.payload.data(), message.payload.size()}));
  }

  void flush_() override {}

  std::shared_ptr<terminal> screen_;
};

} // namespace

void log_to(std::shared_ptr<terminal> screen, bool verbose) {
  auto logger = std::make_shared<spdlog::logger>(
      "troupe", std::make_shared<terminal_sink>(std::move(screen)));
  logger->set_level(verbose ? spdlog::level::debug : spdlog::level::warn);
  // spdlog's own default logger would write to standard output.
  spdlog::set_default_logger(std::move(logger));
}

void log_node_to(std::shared_ptr<terminal> screen) {
  auto logger = std::make_shared<spdlog::logger>(
      "troupe", std::make_shared<node_sink>(std::move(screen)));
  logger->set_level(std::min(spdlog::get_level(), spdlog::level::info));
  spdlog::set_default_logger(std::move(logger));
}

} // namespace troupe
