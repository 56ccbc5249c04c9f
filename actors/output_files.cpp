#include "actors/output_files.hpp"

#include <map>
#include <utility>

#include <sys/stat.h>

#include "actors/output_names.hpp"
#include "actors/output_space.hpp"

namespace troupe {

namespace {

using targets = std::vector<output_target>;

outcome<targets> open_targets(const task_spec& task, const source_file& source,
                              const file_space& files) {
  targets result;
  // What an attempt in doubt made is judged when this one publishes.
  auto may_exist = task.replace || task.in_doubt;
  for (const auto& path : task.outputs) {
    auto target = output_target::open(path, may_exist, source, files);
    if (!target)
      return target.error();
    result.push_back(std::move(*target));
  }
  return result;
}

/// Outputs on one disk share its room.
outcome<void> check_room(const task_spec& task, const targets& where,
                         const source_file& source) {
  std::map<dev_t, uint64_t> needed;
  for (size_t i = 0; i < where.size() && i < task.plan.outputs.size(); ++i) {
    struct stat found {};
    auto free = where[i].free_bytes();
    if (!free || ::fstat(where[i].folder(), &found) != 0)
      continue;
    auto& sum = needed[found.st_dev];
    sum += estimated_bytes(task.plan.outputs[i], task.plan.duration_s,
                           source.size_bytes());
    if (auto room = check_space(where[i].path(), sum, *free); !room)
      return room;
  }
  return {};
}

failure dispossessed(const std::string& path) {
  return {ec::io_error, path,
          "its partial file is gone: another attempt was let publish, or "
          "somebody removed it",
          ""};
}

} // namespace

outcome<void> output_files::check(const task_spec& task,
                                  const source_file& source,
                                  const file_space& files) {
  auto opened = open_targets(task, source, files);
  return opened ? outcome<void>{} : opened.error();
}

output_files::output_files(const task_spec& task,
                           std::shared_ptr<leftovers> noted)
    : replace_(task.replace), noted_(std::move(noted)) {
  for (const auto& path : task.outputs) {
    auto name = path.rfind('/') + 1;
    paths_.push_back(path.substr(0, name)
                     + partial_name(path.substr(name), task.id));
  }
  if (noted_)
    noted_->add(paths_);
}

output_files::~output_files() {
  files_.clear();
  if (noted_)
    noted_->remove(paths_);
}

outcome<output_files> output_files::create(const task_spec& task,
                                           const source_file& source,
                                           const file_space& files,
                                           std::shared_ptr<leftovers> noted) {
  auto opened = open_targets(task, source, files);
  if (!opened)
    return opened.error();
  if (auto room = check_room(task, *opened, source); !room)
    return room.error();
  output_files result{task, std::move(noted)};
  result.files_.reserve(opened->size());
  for (auto& target : *opened) {
    auto created = output_partial::create(std::move(target), task.id);
    if (!created)
      return created.error();
    result.files_.push_back(std::move(*created));
  }
  return result;
}

std::vector<int> output_files::descriptors() const {
  std::vector<int> result;
  for (const auto& x : files_)
    result.push_back(x.descriptor());
  return result;
}

uint64_t output_files::size_bytes(size_t index) const {
  return files_[index].size_bytes();
}

outcome<void> output_files::publish(const publish_grant& grant,
                                    const source_file& source,
                                    const output_partial::step& before) {
  for (const auto& x : files_)
    for (auto attempt : grant.in_doubt)
      x.dispossess(attempt, before);
  if (auto placed =
          place_all({replace_, !grant.in_doubt.empty()}, source, before);
      !placed)
    return placed;
  for (auto& x : files_)
    x.settle(before);
  return {};
}

outcome<void> output_files::place_all(const placing_rules& rules,
                                      const source_file& source,
                                      const output_partial::step& before) {
  outcome<void> result;
  for (auto& x : files_) {
    auto placed = x.place(rules, source, before);
    // Whoever took its file completes the set, with what is in place by now.
    if (placed && *placed == output_partial::placing::dispossessed)
      return dispossessed(x.target().path());
    if (!placed) {
      result = placed.error();
      break;
    }
  }
  for (auto& x : files_)
    if (result)
      result = x.target().sync();
  if (!result)
    for (auto& x : files_)
      x.take_back(before);
  return result;
}

} // namespace troupe
