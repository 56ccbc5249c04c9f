#include "nodes/order_report.hpp"

#include <utility>

namespace troupe {

order_report::order_report(command_output& out, std::string key)
    : out_(out), key_(std::move(key)) {}

void order_report::note(const std::string& subject, const failure& error,
                        std::string_view done) {
  json row = {{key_, subject}, {"done", error.code == ec::none}};
  row["error"] = error.code == ec::none ? json() : to_json(error)["error"];
  rows_.push_back(std::move(row));
  status_ = std::max(status_, exit_status(error.code));
  if (error.code == ec::none)
    out_.say(subject + ": " + std::string{done});
  else
    out_.complain(error);
}

int order_report::finish(bool as_json) {
  if (!as_json)
    return status_;
  return std::max(status_, print(out_, to_text(rows_)));
}

} // namespace troupe
