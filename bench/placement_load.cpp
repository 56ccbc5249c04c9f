// Rounds of placement on 1,000 nodes and 100,000 queued jobs, for
// bench/placement. Prints Markdown: what a round takes in several situations,
// and what a queued job takes beside its spec.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <malloc.h>

#include "actors/coordinator.hpp"
#include "actors/job_tasks.hpp"
#include "actors/placement.hpp"

using namespace troupe;

namespace {

using clock = std::chrono::steady_clock;

constexpr size_t node_count = 1'000;
constexpr size_t job_count = 100'000;
constexpr uint32_t slots = 4;
constexpr size_t round_size = 64; // as the coordinator has it
constexpr size_t root_count = 200;

size_t heap_bytes() {
  return mallinfo2().uordblks;
}

job_spec spec_of(uint64_t number, const std::string& root) {
  job_spec result;
  result.name = "episode " + std::to_string(number) + ".mkv";
  result.input = root + ":/shows/a long name of a show/" + result.name;
  result.output = root + ":/encoded/a long name of a show/episode "
                  + std::to_string(number) + ".mp4";
  result.what.codec = "h264";
  return result;
}

profile abilities(size_t node) {
  profile result;
  for (auto name : {"libx264", "libx265", "libsvtav1", "libaom-av1"}) {
    encoder_capability encoder;
    encoder.name = name;
    encoder.works = true;
    encoder.fps_1080p = 20.0 + static_cast<double>(node % 50);
    result.encoders.push_back(encoder);
  }
  return result;
}

/// Which root a job needs, and how urgent it is.
struct work {
  std::string root = "media";
  uint32_t priority = 5;
};

using work_source = std::function<work(uint64_t)>;

/// What a coordinator has of nodes and queued jobs.
struct company {
  std::map<job_id, job_entry> jobs;
  ready_queue queue;
  node_table nodes{{}};
  work_source source;
  uint64_t next_job = 1;

  explicit company(work_source x) : source(std::move(x)) {
    for (size_t i = 0; i < node_count; ++i)
      enter(i, 1);
    while (queue.size() < job_count)
      submit();
  }

  /// Every node has the root media and ten of the others.
  void enter(size_t node, uint64_t incarnation) {
    node_card card;
    card.key = {"node-" + std::to_string(node), incarnation};
    card.slots = slots;
    card.load.cpu = static_cast<double>(node % 10) / 10;
    card.load.roots.push_back({"media", true, 0});
    for (size_t i = 0; i < 10; ++i)
      card.load.roots.push_back(
          {"root-" + std::to_string((node + i * 20) % root_count), true, 0});
    if (nodes.join(card, 1))
      nodes.describe(card.key, abilities(node));
  }

  void submit() {
    auto number = next_job++;
    auto what = source(number);
    submitted_job job;
    job.id = {number, number};
    job.priority = what.priority;
    job.request.spec = spec_of(number, what.root);
    auto needs = needs_of(job.request.spec, std::nullopt, 0, true);
    needs.priority = job.priority;
    queue.push(job.id, needs);
    jobs[job.id].queued = std::make_unique<submitted_job>(std::move(job));
  }

  /// One round, as the coordinator makes it. @returns how many were placed
  std::vector<placed_task> round() {
    auto placed = place_tasks(queue, nodes, round_size);
    for (const auto& x : placed)
      jobs.at(x.task.job).queued.reset();
    return placed;
  }

  /// All slots get a job; the queue is as long as before.
  void fill() {
    for (auto placed = round(); !placed.empty(); placed = round())
      replace(placed);
  }

  void replace(const std::vector<placed_task>& placed) {
    for (const auto& x : placed) {
      jobs.erase(x.task.job);
      submit();
    }
  }

  void end_one(size_t node) {
    const auto& holders = nodes.entries()[node].holders;
    if (!holders.empty())
      nodes.vacate(job_id{*holders.begin()});
  }

  void end_all() {
    for (size_t i = 0; i < node_count; ++i)
      while (!nodes.entries()[i].holders.empty())
        end_one(i);
  }
};

double percentile(std::vector<double>& sorted, double share) {
  auto at = static_cast<size_t>(share * static_cast<double>(sorted.size() - 1));
  return sorted[at];
}

void print(const char* name, std::vector<double>& ms, size_t placed) {
  std::sort(ms.begin(), ms.end());
  std::printf("| %s | %zu | %.1f | %.3f ms | %.3f ms | %.3f ms |\n", name,
              ms.size(),
              static_cast<double>(placed) / static_cast<double>(ms.size()),
              percentile(ms, 0.5), percentile(ms, 0.99), ms.back());
  std::fflush(stdout);
}

/// Times a loop that does nothing but count: what it takes at worst is what
/// else the machine has to do.
void measure_weather() {
  std::vector<double> ms;
  for (int i = 0; i < 1000; ++i) {
    auto start = clock::now();
    [[maybe_unused]] volatile int sink = 0;
    for (int n = 0; n < 1'000'000; ++n)
      sink = n;
    ms.push_back(std::chrono::duration<double, std::milli>(clock::now() - start)
                     .count());
  }
  print("(counting to a million instead)", ms, 0);
}

/// Times the rounds that `step` prepares.
void measure(const char* name, company& of, int rounds,
             const std::function<void(int)>& step) {
  std::vector<double> ms;
  size_t placed = 0;
  for (int i = 0; i < rounds; ++i) {
    step(i);
    auto start = clock::now();
    auto result = of.round();
    ms.push_back(std::chrono::duration<double, std::milli>(clock::now() - start)
                     .count());
    placed += result.size();
    of.replace(result);
  }
  print(name, ms, placed);
}

/// A full cluster in which one slot after the other becomes free.
void one_at_a_time(const char* name, company& of, int rounds) {
  of.fill();
  measure(name, of, rounds,
          [&](int i) { of.end_one(static_cast<size_t>(i) * 7 % node_count); });
}

void all_free(const char* name, company& of, int rounds) {
  constexpr int to_fill = node_count * slots / round_size;
  measure(name, of, rounds, [&](int i) {
    if (i % to_fill == 0)
      of.end_all();
  });
}

void nodes_come_and_go(const char* name, company& of, int rounds) {
  measure(name, of, rounds, [&](int i) {
    auto node = static_cast<size_t>(i) * 7 % node_count;
    auto key = of.nodes.entries()[node].row.card.key;
    of.nodes.lost(key, 2);
    of.enter(node, key.incarnation + 1);
  });
}

work same(uint64_t) {
  return {};
}

work many_kinds(uint64_t number) {
  return {"root-" + std::to_string(number % root_count),
          1 + static_cast<uint32_t>(number % 10)};
}

work half_impossible(uint64_t number) {
  return number % 2 == 0 ? work{"nowhere", 1} : work{};
}

/// Bytes per queued job beside its spec.
void measure_memory() {
  std::vector<job_spec> specs;
  specs.reserve(job_count);
  auto before = heap_bytes();
  for (uint64_t i = 1; i <= job_count; ++i)
    specs.push_back(spec_of(i, "media"));
  auto spec = (heap_bytes() - before) / job_count + sizeof(job_spec);
  specs = {};
  company of{same};
  auto full = heap_bytes();
  of.jobs.clear();
  of.queue = {};
  auto whole = (full - heap_bytes()) / job_count;
  std::printf("\nA queued job takes %zu bytes, its spec alone %zu: %zu bytes "
              "beside it (to reach: <= 1,024).\n",
              whole, spec, whole - spec);
}

} // namespace

int main() {
  std::printf("%zu nodes with %u slots, %zu queued jobs, rounds of %zu.\n\n"
              "| a round when | rounds | placed | p50 | p99 | longest |\n"
              "|---|---|---|---|---|---|\n",
              node_count, slots, job_count, round_size);
  {
    company of{same};
    all_free("all slots are free", of, 1000);
    one_at_a_time("one slot became free", of, 2000);
    measure("none is free", of, 2000, [](int) {});
    nodes_come_and_go("a node came back", of, 200);
  }
  {
    company of{many_kinds};
    all_free("all slots are free, 200 kinds of tasks", of, 1000);
    one_at_a_time("one slot became free, 200 kinds", of, 2000);
    nodes_come_and_go("a node came back, 200 kinds", of, 200);
  }
  {
    company of{half_impossible};
    one_at_a_time("one slot became free, half of the tasks fit nowhere", of,
                  2000);
  }
  measure_weather();
  measure_memory();
}
