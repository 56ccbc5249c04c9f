#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include "messages/outcome.hpp"
#include "nodes/command_output.hpp"

namespace troupe {

/// Tells what became of an order that was given to several jobs or nodes: each
/// is tried, whatever became of those before.
class order_report {
public:
  /// @param key under which documents name the subject: "id", "name"
  order_report(command_output& out, std::string key);

  /// Notes one subject, and tells people at once.
  /// @param done what to say of it when all went well: "cancelled"
  template <class T>
  void add(const std::string& subject, const outcome<T>& result,
           std::string_view done) {
    note(subject, result ? failure{} : result.error(), done);
  }

  /// Prints an array of {key, "done", "error"} if asked to.
  /// @returns the highest exit status
  int finish(bool as_json);

private:
  void note(const std::string& subject, const failure& error,
            std::string_view done);

  command_output& out_;
  std::string key_;
  json rows_ = json::array();
  int status_ = 0;
};

} // namespace troupe
