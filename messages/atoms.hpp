#pragma once

#include <caf/atom.hpp>

/// The verbs of the protocol; each is only ever the first element of a message.
/// CAF 0.17 packs an atom into 64 bits: ten characters at most.
namespace troupe::atom {

#define TROUPE_ATOM(word)                                                      \
  using word = caf::atom_constant<caf::atom(#word)>;                           \
  inline constexpr word word##_v = word::value

TROUPE_ATOM(submit);
TROUPE_ATOM(cancel);
TROUPE_ATOM(get);
TROUPE_ATOM(watch);
TROUPE_ATOM(update);
TROUPE_ATOM(enlist);
TROUPE_ATOM(run);
TROUPE_ATOM(ready);
TROUPE_ATOM(place);
TROUPE_ATOM(release);
TROUPE_ATOM(progress);
TROUPE_ATOM(done);
TROUPE_ATOM(failed);
TROUPE_ATOM(publish);
TROUPE_ATOM(probe);
TROUPE_ATOM(describe);
TROUPE_ATOM(ended);
TROUPE_ATOM(tick);
TROUPE_ATOM(expire);
TROUPE_ATOM(event);

#undef TROUPE_ATOM

} // namespace troupe::atom
