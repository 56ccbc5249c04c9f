#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "messages/failure.hpp"
#include "messages/limits.hpp"
#include "messages/media.hpp"
#include "messages/outcome.hpp"
#include "messages/plan.hpp"
#include "messages/profile.hpp"
#include "messages/report.hpp"

/// What a node and its session processes say to each other, over the socket
/// that a session inherits as descriptor 3. docs/session-protocol.md has the
/// bytes; encode/record.hpp writes them.
///
/// A record is a length (4 bytes, big endian, of what follows), a kind (1 byte,
/// the position in the variant below) and the fields in the order of `inspect`.
/// Descriptors travel beside a request as SCM_RIGHTS.
namespace troupe::session {

/// Goes up with every change of a record. Both programs are installed together;
/// a session with another number is refused.
constexpr uint32_t protocol_version = 2;

/// No record is longer: a session that announces more is killed. Room for a
/// media_info with thousands of chapters and tags.
constexpr uint32_t max_record_bytes = 16u << 20;

/// The descriptor that a session finds its control socket at.
constexpr int control_descriptor = 3;

// -- from the node ------------------------------------------------------------

/// First record of every session: what it may use. The session readies the
/// encoders that need the machine's files before its sandbox closes, closes it
/// and answers with `hello`.
struct start_request {
  session_limits limits;
  std::vector<std::string> warm_encoders;
  /// Test hook: after the sandbox closed, try what is forbidden and answer with
  /// `escapes`; the session does nothing else.
  bool try_escapes = false;
};

/// Reads what the input is; answered by `inspected`. One descriptor: the input,
/// which the session keeps for the encode that may follow.
struct inspect_request {};

/// Encodes the input of the inspect_request; `progress` while it runs, then
/// `encoded`. One descriptor per output of the plan, opened for reading and
/// writing, empty. The outputs are synced to disk when `encoded` arrives.
struct encode_request {
  encode_plan plan;
};

/// Opens an encoder and encodes a few frames; answered by `probed`, a thorough
/// one by several, each knowing more, the last of them final.
struct probe_request {
  std::string encoder;
  std::string codec; ///< our name
  uint32_t width = 320;
  uint32_t height = 180;
  /// Also climb to 4K and measure the speed at 1080p.
  bool thorough = false;
};

/// Lists what the libraries can; answered by `libraries`.
struct libraries_request {};

using request = std::variant<start_request, inspect_request, encode_request,
                             probe_request, libraries_request>;

// -- from the session ---------------------------------------------------------

struct hello {
  uint32_t version = protocol_version;
  std::vector<library_version> libraries;
};

struct inspected {
  media_info media;
};

struct progress {
  session_progress counters;
  bool verifying = false;
};

struct encoded {
  encode_report report;
};

struct probed {
  encoder_capability capability;
  bool final = true; ///< nothing more comes
};

struct libraries {
  std::vector<std::string> decoders;
  std::vector<std::string> encoders; ///< as listed; listed is not "works"
};

/// The request could not be done. After a failed encode the session ends; else
/// it waits for the next request.
struct refused {
  failure error;
};

/// What a session that tried to break out managed to do: empty is right.
struct escapes {
  std::vector<std::string> succeeded;
  uint32_t tried = 0;
};

using event = std::variant<hello, inspected, progress, encoded, probed,
                           libraries, refused, escapes>;

/// The bytes of a record, length included.
std::string to_record(const request& x);
std::string to_record(const event& x);

/// Reads a record's body: kind and fields, without the length. Fails on an
/// unknown kind, on missing bytes and on bytes left over.
outcome<request> read_request(std::string_view body);
outcome<event> read_event(std::string_view body);

#define TROUPE_INSPECT(type, ...)                                              \
  template <class Inspector>                                                   \
  typename Inspector::result_type inspect(Inspector& f,                        \
                                          [[maybe_unused]] type& x) {          \
    return f(__VA_ARGS__);                                                     \
  }

TROUPE_INSPECT(start_request, x.limits, x.warm_encoders, x.try_escapes)
TROUPE_INSPECT(inspect_request)
TROUPE_INSPECT(encode_request, x.plan)
TROUPE_INSPECT(probe_request, x.encoder, x.codec, x.width, x.height, x.thorough)
TROUPE_INSPECT(libraries_request)
TROUPE_INSPECT(hello, x.version, x.libraries)
TROUPE_INSPECT(inspected, x.media)
TROUPE_INSPECT(progress, x.counters, x.verifying)
TROUPE_INSPECT(encoded, x.report)
TROUPE_INSPECT(probed, x.capability, x.final)
TROUPE_INSPECT(libraries, x.decoders, x.encoders)
TROUPE_INSPECT(refused, x.error)
TROUPE_INSPECT(escapes, x.succeeded, x.tried)

#undef TROUPE_INSPECT

} // namespace troupe::session
