#pragma once

#include <vector>

#include "encode/containers.hpp"
#include "encode/notes.hpp"
#include "messages/plan.hpp"

namespace troupe {

/// Which subtitles go into the container: copied where it holds their codec,
/// text converted to the one it does hold, the rest noted as dropped.
std::vector<stream_plan> plan_subtitles(const media_info& media,
                                        const container_rules& rules,
                                        notes& told);

/// Cover art and attachments, in this order; both come last in a file. Data
/// streams go nowhere and are noted as dropped.
std::vector<stream_plan> plan_extras(const media_info& media,
                                     const container_rules& rules, notes& told);

} // namespace troupe
