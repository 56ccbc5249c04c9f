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
TROUPE_ATOM(ack);
TROUPE_ATOM(adopt);
TROUPE_ATOM(append);
TROUPE_ATOM(caps);
TROUPE_ATOM(commit);
TROUPE_ATOM(dial);
TROUPE_ATOM(drain);
TROUPE_ATOM(find);
TROUPE_ATOM(forget);
TROUPE_ATOM(grant);
TROUPE_ATOM(handback);
TROUPE_ATOM(hello);
TROUPE_ATOM(join);
TROUPE_ATOM(lead);
TROUPE_ATOM(leave);
TROUPE_ATOM(list);
TROUPE_ATOM(load);
TROUPE_ATOM(logs);
TROUPE_ATOM(lost);
TROUPE_ATOM(members);
TROUPE_ATOM(migrate);
TROUPE_ATOM(nodes);
TROUPE_ATOM(pause);
TROUPE_ATOM(reign);
TROUPE_ATOM(report);
TROUPE_ATOM(resume);
TROUPE_ATOM(retry);
TROUPE_ATOM(returned);
TROUPE_ATOM(status);
TROUPE_ATOM(undrain);
TROUPE_ATOM(vacate);

#undef TROUPE_ATOM

} // namespace troupe::atom
