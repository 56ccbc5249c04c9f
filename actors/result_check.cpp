#include "actors/result_check.hpp"

#include "encode/verification.hpp"

namespace troupe {

namespace {

failure disagreement(const std::string& path, std::string cause,
                     std::string advice) {
  return {ec::verification_failed, path, std::move(cause), std::move(advice)};
}

outcome<void> check_sizes(const task_spec& task, const output_files& outputs,
                          const encode_report& report) {
  const auto& paths = task.outputs;
  if (report.outputs.size() != paths.size())
    return disagreement(task.input,
                        "the session reports on "
                            + std::to_string(report.outputs.size())
                            + " outputs of " + std::to_string(paths.size()),
                        "please report this");
  for (size_t i = 0; i < paths.size(); ++i)
    if (auto size = outputs.size_bytes(i); size != report.outputs[i].size_bytes)
      return disagreement(paths[i],
                          "has " + std::to_string(size) + " bytes instead of "
                              + std::to_string(report.outputs[i].size_bytes),
                          "check the disk");
  return {};
}

} // namespace

outcome<std::vector<std::string>> check_result(const task_spec& task,
                                               const output_files& outputs,
                                               const encode_report& report) {
  if (auto sizes = check_sizes(task, outputs, report); !sizes)
    return sizes.error();
  auto verified = verify(task.plan, report);
  if (verified)
    return verified;
  auto error = verified.error();
  // It speaks of a stream or a kind of file; people want the file, too.
  auto blames_input = error.code == ec::bad_input || task.outputs.size() > 1;
  error.subject =
      (blames_input ? task.input : task.outputs[0]) + ", " + error.subject;
  return error;
}

} // namespace troupe
