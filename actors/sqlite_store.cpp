#include "actors/sqlite_store.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "actors/sqlite_file.hpp"

namespace troupe {

namespace {

// A step of pruning is short, so that submits don't wait for it.
constexpr uint64_t pruned_jobs = 200;
constexpr int64_t pruned_rows = 5000;

// SQLite doesn't write a row that stays as it is.
constexpr const char* write_nothing_new =
    "UPDATE reign SET epoch = epoch + 1; UPDATE reign SET epoch = epoch - 1";

} // namespace

outcome<std::unique_ptr<journal_store>>
sqlite_store::open(const std::string& path, const sqlite_schema& schema) {
  auto database = open_journal_file(path, schema);
  if (!database)
    return std::move(database.error());
  auto writer = sqlite_writer::open(*database);
  if (!writer)
    return std::move(writer.error());
  auto reader = sqlite_reader::open(*database);
  if (!reader)
    return std::move(reader.error());
  auto epoch = database->prepare("SELECT epoch FROM reign");
  if (!epoch)
    return std::move(epoch.error());
  std::unique_ptr<journal_store> result{
      new sqlite_store{{std::move(*database), std::move(*writer),
                        std::move(*reader), std::move(*epoch)}}};
  return result;
}

outcome<uint64_t> sqlite_store::epoch_in_file() {
  auto row = parts_.epoch.bind().step();
  if (!row)
    return std::move(row.error());
  if (!*row)
    return failure{ec::journal_failed, parts_.database.path(),
                   "the journal is damaged: it doesn't know its epoch",
                   damaged_journal_advice};
  auto result = parts_.epoch.number<uint64_t>(0);
  parts_.epoch.reset();
  return result;
}

outcome<sqlite_transaction> sqlite_store::begin() {
  auto transaction = sqlite_transaction::begin(parts_.database);
  if (!transaction)
    return transaction;
  auto epoch = epoch_in_file();
  if (!epoch)
    return std::move(epoch.error());
  if (epoch_ != *epoch)
    return failure{ec::superseded, parts_.database.path(),
                   "reign " + std::to_string(epoch_.value_or(0))
                       + " is over: reign " + std::to_string(*epoch)
                       + " has begun",
                   "another coordinator uses this journal; this one stops"};
  return transaction;
}

outcome<journal_image> sqlite_store::begin_reign(const journal_hook& step) {
  auto transaction = sqlite_transaction::begin(parts_.database);
  if (!transaction)
    return std::move(transaction.error());
  if (auto done = parts_.database.execute("UPDATE reign SET epoch = epoch + 1");
      !done)
    return std::move(done.error());
  auto epoch = epoch_in_file();
  if (!epoch)
    return std::move(epoch.error());
  // Within the transaction, so that what can't be read is not written either.
  auto image = parts_.reader.image(*epoch);
  if (!image)
    return image;
  step(journal_step::written);
  if (auto done = transaction->commit(); !done)
    return std::move(done.error());
  epoch_ = *epoch;
  return image;
}

outcome<std::vector<job_id>>
sqlite_store::commit(std::span<const journal_entry> batch,
                     const journal_hook& step) {
  auto transaction = begin();
  if (!transaction)
    return std::move(transaction.error());
  if (batch.empty())
    if (auto done = parts_.database.execute(write_nothing_new); !done)
      return std::move(done.error());
  std::vector<job_id> result;
  for (const auto& entry : batch) {
    if (auto job = std::get_if<submitted_job>(&entry)) {
      auto id = parts_.writer.submit(*job);
      if (!id)
        return std::move(id.error());
      result.push_back(*id);
    } else if (auto done = parts_.writer.apply(std::get<journal_change>(entry));
               !done) {
      return std::move(done.error());
    }
  }
  step(journal_step::written);
  if (auto done = transaction->commit(); !done)
    return std::move(done.error());
  return result;
}

outcome<std::vector<job_id>>
sqlite_store::jobs_to_forget(const journal_retention& limits, uint64_t now_ms) {
  auto count = parts_.reader.count_ended();
  if (!count)
    return std::move(count.error());
  if (*count > limits.max_jobs)
    return parts_.reader.oldest_ended(
        INT64_MAX, std::min(*count - limits.max_jobs, pruned_jobs));
  auto age = static_cast<uint64_t>(limits.max_age.count());
  return parts_.reader.oldest_ended(now_ms > age ? now_ms - age : 0,
                                    pruned_jobs);
}

outcome<bool> sqlite_store::prune(const journal_retention& limits,
                                  uint64_t now_ms, const journal_hook& step) {
  auto transaction = begin();
  if (!transaction)
    return std::move(transaction.error());
  auto ids = jobs_to_forget(limits, now_ms);
  if (!ids)
    return std::move(ids.error());
  if (ids->empty())
    return false;
  auto before = parts_.database.changes();
  for (const auto& id : *ids) {
    if (auto done = parts_.writer.forget(id); !done)
      return std::move(done.error());
    if (parts_.database.changes() - before > pruned_rows)
      break;
  }
  step(journal_step::written);
  if (auto done = transaction->commit(); !done)
    return std::move(done.error());
  return true;
}

outcome<job_report> sqlite_store::report(const job_id& id) {
  return parts_.reader.report(id);
}

outcome<std::vector<job_summary>> sqlite_store::ended(const job_query& query) {
  return parts_.reader.ended(query);
}

outcome<std::vector<log_line>> sqlite_store::logs(const job_id& id) {
  return parts_.reader.logs(id);
}

outcome<remembered_job> sqlite_store::remembered(const job_id& id) {
  return parts_.reader.remembered(id);
}

journal_opener open_sqlite(std::string path) {
  return [path = std::move(path)] { return sqlite_store::open(path); };
}

} // namespace troupe
