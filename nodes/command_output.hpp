#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "messages/outcome.hpp"
#include "nodes/json.hpp"
#include "nodes/terminal.hpp"

namespace troupe {

/// Where a client's verb puts what it has to say: data on one side, messages
/// and live progress on the other. Tests have one of their own.
class command_output {
public:
  virtual ~command_output() = default;

  /// Writes data, as it is; io_error when nobody can take it.
  virtual outcome<void> data(std::string_view text) = 0;

  /// What the place that data goes to can show.
  virtual terminal_traits data_traits() const = 0;

  /// Writes a line for people, made printable.
  virtual void say(std::string_view line) = 0;

  /// Writes an error for people.
  virtual void complain(const failure& error) = 0;

  /// Redraws the live line; only where traits().live.
  virtual void show(const std::string& rendered) = 0;

  /// Removes the live line.
  virtual void clear() = 0;

  /// What the place that messages go to can show.
  virtual terminal_traits traits() const = 0;

  /// Its width.
  virtual uint32_t columns() const = 0;
};

/// Writes data. @returns the exit status: 0, or that of the write's failure,
/// which people are told of
int print(command_output& out, std::string_view text);

/// Tells people about a failure, and machines with a document if they asked
/// for one. @returns the exit status
int fail(command_output& out, const failure& error, bool as_json);

/// Standard output and standard error.
class process_output : public command_output {
public:
  explicit process_output(std::shared_ptr<terminal> screen);

  outcome<void> data(std::string_view text) override;
  terminal_traits data_traits() const override { return data_traits_; }
  void say(std::string_view line) override { screen_->say(line); }
  void complain(const failure& error) override { screen_->complain(error); }
  void show(const std::string& rendered) override { screen_->show(rendered); }
  void clear() override { screen_->clear(); }
  terminal_traits traits() const override { return screen_->traits(); }
  uint32_t columns() const override { return screen_->columns(); }

private:
  std::shared_ptr<terminal> screen_;
  terminal_traits data_traits_;
};

} // namespace troupe
