// troupe-session: one libav pipeline in a process of its own. Started by a node
// only; see docs/session-protocol.md for what the two say to each other.
#include <cstdlib>
#include <memory>
#include <new>
#include <optional>
#include <string>

#include <malloc.h>
#include <unistd.h>

#include "encode/session/control.hpp"
#include "encode/session/escapes.hpp"
#include "encode/session/heartbeat.hpp"
#include "encode/session/inspector.hpp"
#include "encode/session/log_capture.hpp"
#include "encode/session/pipeline.hpp"
#include "encode/session/probe.hpp"
#include "encode/session/sandbox.hpp"

#ifdef TROUPE_SANITIZED
// The leak checker stops the world by tracing it, which the sandbox forbids.
extern "C" const char* __asan_default_options() {
  return "detect_leaks=0";
}
#endif

namespace troupe::session {
namespace {

/// Every thread would get an arena of 64 MiB addresses, and the limit is on
/// addresses.
constexpr int most_arenas = 4;

/// The session between two requests: what the next one may need of the last.
class conversation {
public:
  conversation(control& node, session_limits limits)
      : node_(node), limits_(limits) {}

  /// Answers one request; false when the node is gone.
  bool answer(received_request& request) {
    return std::visit(
        [&](auto& what) { return this->handle(what, request.descriptors); },
        request.what);
  }

private:
  using descriptors = std::vector<descriptor>;

  bool refuse(failure error) {
    // A library that hides its missing memory behind a general error.
    if (error.code != ec::memory_limit && memory_is_exhausted())
      error = {ec::memory_limit, error.subject,
               "out of memory (" + error.cause + ")",
               "give the session more memory (--memory)"};
    return node_.send(refused{std::move(error)});
  }

  bool handle(const start_request&, descriptors&) {
    return refuse({ec::internal, "session", "it is started already", ""});
  }

  bool handle(const inspect_request&, descriptors& given) {
    if (given.size() != 1)
      return refuse({ec::internal, "inspect", "wants one descriptor", ""});
    auto opened = [&]() -> outcome<void> {
      heartbeat beat{node_, counters_};
      auto source = packet_source::open(std::move(given.front()), limits_,
                                        counters_.bytes_read);
      if (!source)
        return source.error();
      source_ = std::move(*source);
      media_ = inspect_source(*source_);
      media_.warnings = take_log();
      return {};
    }();
    return opened ? node_.send(inspected{media_}) : refuse(opened.error());
  }

  bool handle(const encode_request& wanted, descriptors& outputs) {
    if (!source_)
      return refuse({ec::internal, "encode", "no input was inspected", ""});
    pipeline work{*source_, media_, wanted.plan, limits_, outputs, counters_};
    auto report = [&] {
      heartbeat beat{node_, counters_};
      return work.run();
    }();
    if (!report) {
      // An encoder that was given up in the middle isn't taken apart: SVT-AV1
      // waits for ever when it is closed without having had a frame.
      refuse(report.error());
      ::_exit(EXIT_SUCCESS);
    }
    return node_.send(encoded{std::move(*report)});
  }

  bool handle(const probe_request& wanted, descriptors&) {
    auto capability = [&] {
      heartbeat beat{node_, counters_};
      return probe_encoder(wanted, [&](const encoder_capability& so_far) {
        // When the node is gone, the heartbeat notices.
        node_.send(probed{so_far, false});
      });
    }();
    return node_.send(probed{std::move(capability)});
  }

  bool handle(const libraries_request&, descriptors&) {
    return node_.send(list_libraries());
  }

  control& node_;
  session_limits limits_;
  meters counters_;
  std::unique_ptr<packet_source> source_;
  media_info media_;
};

int run(control& node) {
  auto first = node.receive();
  auto start = first ? std::get_if<start_request>(&first->what) : nullptr;
  if (!start)
    return EXIT_FAILURE;
  warm_up(start->warm_encoders);
  if (auto closed = close_sandbox(start->limits); !closed) {
    node.send(refused{closed.error()});
    return EXIT_FAILURE;
  }
  if (start->try_escapes) {
    node.send(try_escapes());
    return EXIT_SUCCESS;
  }
  if (!node.send(hello{protocol_version, linked_libraries()}))
    return EXIT_FAILURE;
  conversation talk{node, start->limits};
  while (auto request = node.receive())
    if (!talk.answer(*request))
      break;
  return EXIT_SUCCESS;
}

} // namespace
} // namespace troupe::session

int main(int argc, char** argv) {
  using namespace troupe::session;
  // argv[1] is the node's process id.
  if (argc != 2 || !die_with_parent(std::atoi(argv[1])))
    return EXIT_FAILURE;
  ::mallopt(M_ARENA_MAX, most_arenas);
  report_memory_exhaustion();
  install_log();
  control node{control_descriptor};
  try {
    return run(node);
  } catch (const std::bad_alloc&) {
    return out_of_memory_status;
  }
}
