#define CAF_SUITE output_race

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <semaphore>
#include <thread>

#include <caf/test/unit_test.hpp>

#include <unistd.h>

#include "actors/output_files.hpp"
#include "tests/actors/temporary_folder.hpp"

using namespace troupe;

namespace {

using strings = std::vector<std::string>;
using names = std::set<std::string>;

/// An attempt that publishes in a thread of its own, which moves only while the
/// test waits for it: two of them stand for processes that freeze anywhere.
class stepped_attempt {
public:
  stepped_attempt(const task_spec& task, const source_file& source,
                  const strings& contents, publish_grant grant)
      : source_(source), grant_(std::move(grant)) {
    auto created = output_files::create(task, source, file_space{});
    CAF_REQUIRE(created);
    files_.emplace(std::move(*created));
    for (size_t i = 0; i < contents.size(); ++i)
      CAF_REQUIRE(::write(files_->descriptors()[i], contents[i].data(),
                          contents[i].size())
                  == static_cast<ssize_t>(contents[i].size()));
    thread_ = std::thread{[this] { run(); }};
  }

  ~stepped_attempt() {
    finish();
    thread_.join();
  }

  /// Lets it go on up to its next operation. False when it is through.
  bool step() {
    if (ended_)
      return false;
    go_.release();
    stopped_.acquire();
    return !ended_;
  }

  void finish() {
    while (step())
      ;
  }

  /// How it ended, and what it left is gone.
  outcome<void> end() {
    finish();
    files_.reset();
    return *result_;
  }

private:
  void run() {
    go_.acquire();
    result_ = files_->publish(grant_, source_, [this] {
      stopped_.release();
      go_.acquire();
    });
    ended_ = true;
    stopped_.release();
  }

  const source_file& source_;
  publish_grant grant_;
  std::optional<output_files> files_;
  std::optional<outcome<void>> result_;
  bool ended_ = false; ///< handed over by the semaphores
  std::binary_semaphore go_{0};
  std::binary_semaphore stopped_{0};
  std::thread thread_;
};

/// Nothing while it is frozen.
using end_of_attempt = std::optional<outcome<void>>;

struct fixture {
  test::temporary_folder folder;
  strings paths{folder / "a", folder / "b"};
  source_file source = opened(folder.write("source", "media"));
  job_id job = make_job_id(1, 2, 3);
  size_t tried = 0;

  static source_file opened(const std::string& path) {
    auto result = source_file::open(path, file_space{});
    CAF_REQUIRE(result);
    return std::move(*result);
  }

  task_spec task(uint32_t number, bool replace) const {
    task_spec result;
    result.id = {job, 1, number};
    result.kind = task_kind::whole;
    result.outputs = paths;
    result.replace = replace;
    result.in_doubt = true;
    return result;
  }

  std::unique_ptr<stepped_attempt> attempt(uint32_t number, bool replace,
                                           const strings& contents,
                                           std::vector<uint32_t> in_doubt) {
    auto spec = task(number, replace);
    return std::make_unique<stepped_attempt>(
        spec, source, contents,
        publish_grant{spec.id, true, std::move(in_doubt)});
  }

  void start_over(bool occupied) {
    for (const auto& path : paths)
      std::filesystem::remove(path);
    if (occupied)
      for (auto name : {"a", "b"})
        folder.write(name, "old");
  }

  /// Runs two attempts, the second in doubt about the first, by every schedule
  /// with three changes from one to the other, beginning with the first. Then
  /// the second goes on to its end before the first does.
  template <class Check>
  void race(
      bool replace, bool occupied, const strings& first_makes,
      const strings& second_makes, Check check,
      const std::function<void()>& meanwhile = [] {}) {
    // More steps than an attempt has make the same schedule again.
    auto a_lasts = true;
    for (size_t a = 0; a_lasts; ++a) {
      auto b_lasts = true;
      for (size_t b = 0; b_lasts; ++b) {
        auto c_lasts = true;
        for (size_t c = 0; c_lasts; ++c) {
          start_over(occupied);
          auto first = attempt(1, replace, first_makes, {});
          auto second = attempt(2, replace, second_makes, {1});
          meanwhile();
          a_lasts = go(*first, a);
          b_lasts = go(*second, b);
          c_lasts = go(*first, c);
          auto end_of_second = second->end();
          // Perhaps the first never wakes up.
          check(end_of_attempt{}, end_of_attempt{end_of_second});
          auto end_of_first = first->end();
          check(end_of_attempt{end_of_first}, end_of_attempt{end_of_second});
          ++tried;
        }
      }
    }
  }

  static bool go(stepped_attempt& x, size_t steps) {
    auto more = true;
    for (size_t i = 0; i < steps && more; ++i)
      more = x.step();
    return more;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(output_race_tests, fixture)

CAF_TEST(whenever an attempt freezes the set is complete and single) {
  for (auto replace : {false, true})
    race(replace, replace, {"new", "other"}, {"new", "other"},
         [&](const end_of_attempt& first, const end_of_attempt& second) {
           CAF_REQUIRE(*second);
           // It may hear that nobody wants its result.
           if (first && !*first)
             CAF_REQUIRE(first->error().code == ec::io_error);
           CAF_REQUIRE((folder.names() == names{"a", "b", "source"}));
           CAF_REQUIRE_EQUAL(folder.read("a"), "new");
           CAF_REQUIRE_EQUAL(folder.read("b"), "other");
         });
  CAF_MESSAGE(tried << " schedules");
  CAF_CHECK(tried > 300);
}

CAF_TEST(attempts that make other bytes never mix them without replace) {
  race(false, false, {"new", "other"}, {"NEW", "OTHER"},
       [&](const end_of_attempt& first, const end_of_attempt& second) {
         auto found = folder.names();
         CAF_REQUIRE(!*second || !first || !*first);
         if (*second) {
           CAF_REQUIRE((found == names{"a", "b", "source"}));
           CAF_REQUIRE_EQUAL(folder.read("a") + folder.read("b"), "NEWOTHER");
         } else if (first && *first) {
           CAF_REQUIRE((found == names{"a", "b", "source"}));
           CAF_REQUIRE_EQUAL(folder.read("a") + folder.read("b"), "newother");
         } else if (first) {
           // The first came no further than one of its files.
           CAF_REQUIRE((found == names{"a", "source"}));
           CAF_REQUIRE_EQUAL(folder.read("a"), "new");
         }
       });
}

CAF_TEST(a file of somebody else is never touched without replace) {
  race(
      false, false, {"new", "other"}, {"new", "other"},
      [&](const end_of_attempt& first, const end_of_attempt& second) {
        // Or it saw the first one's file come and go.
        auto code = second->error().code;
        CAF_REQUIRE(code == ec::output_exists || code == ec::io_error);
        CAF_REQUIRE_EQUAL(folder.read("b"), "theirs");
        if (first)
          CAF_REQUIRE(!*first);
      },
      [&] { folder.write("b", "theirs"); });
}

CAF_TEST_FIXTURE_SCOPE_END()
