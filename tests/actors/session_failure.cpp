#define CAF_SUITE session_failure

#include "actors/session_failure.hpp"

#include <csignal>

#include <caf/test/unit_test.hpp>

using namespace troupe;

namespace {

bool has(const std::string& text, const char* part) {
  return text.find(part) != std::string::npos;
}

} // namespace

CAF_TEST(a crash tells its signal and its last words) {
  auto error = failure_of_end({0, SIGSEGV, "assertion x\nfailed\n"}, "in.mkv");
  CAF_CHECK(error.code == ec::session_crashed);
  CAF_CHECK_EQUAL(error.subject, "in.mkv");
  CAF_CHECK(has(error.cause, "SIGSEGV"));
  CAF_CHECK(has(error.cause, "assertion x failed"));
}

CAF_TEST(an unexpected exit tells its status) {
  auto error = failure_of_end({3, 0, ""}, "in.mkv");
  CAF_CHECK(error.code == ec::session_crashed);
  CAF_CHECK(has(error.cause, "status 3"));
}

CAF_TEST(status 70 is the memory limit) {
  CAF_CHECK(failure_of_end({70, 0, ""}, "in").code == ec::memory_limit);
  CAF_CHECK(failure_of_end({0, SIGKILL, ""}, "in").code == ec::session_crashed);
}

CAF_TEST(a file past its limit is a full disk) {
  CAF_CHECK(failure_of_end({0, SIGXFSZ, ""}, "in").code == ec::disk_full);
}

CAF_TEST(what the sandbox caught is named) {
  CAF_CHECK(has(failure_of_end({0, SIGSYS, ""}, "in").cause, "sandbox"));
}

CAF_TEST(a refusal gets the path that the session cannot know) {
  auto error = failure_of_refusal({ec::bad_input, "", "damaged", ""}, "in.mkv",
                                  "out.mp4");
  CAF_CHECK_EQUAL(error.subject, "in.mkv");
  error =
      failure_of_refusal({ec::disk_full, "", "full", ""}, "in.mkv", "out.mp4");
  CAF_CHECK_EQUAL(error.subject, "out.mp4");
  error = failure_of_refusal({ec::disk_full, "", "full", ""}, "in.mkv", "");
  CAF_CHECK_EQUAL(error.subject, "in.mkv");
  error = failure_of_refusal({ec::bad_input, "video stream 0", "damaged", ""},
                             "in.mkv", "out.mp4");
  CAF_CHECK_EQUAL(error.subject, "in.mkv, video stream 0");
}

CAF_TEST(a refusal without a reason is a defect) {
  CAF_CHECK(failure_of_refusal({}, "in", "out").code == ec::internal);
}

CAF_TEST(a session cannot speak to the terminal) {
  CAF_CHECK_EQUAL(harmless("a\x1b[2Jb\r\n\n\tc\x7f "), "a [2Jb c");
  CAF_CHECK_EQUAL(harmless(std::string("\0x", 2)), "x");
  CAF_CHECK_EQUAL(harmless("gr\xc3\xbc\xc3\x9f"), "gr\xc3\xbc\xc3\x9f");
}

CAF_TEST(of long words the end is kept) {
  auto text = harmless(std::string(5000, 'x') + "the end");
  CAF_CHECK_EQUAL(text.size(), 503u);
  CAF_CHECK(text.ends_with("the end"));
}
