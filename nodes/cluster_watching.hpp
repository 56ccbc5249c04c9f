#pragma once

#include "nodes/command.hpp"
#include "nodes/top_text.hpp"

namespace troupe {

/// Asks for nodes and jobs. What can't be had stays as it was in `view`, with
/// the reason.
void refresh(cluster_client& client, cluster_view& view);

/// Shows the cluster on a whole screen, twice a second, until q or Ctrl-C; its
/// coordinator may come and go. Only where `live_screen::possible()`.
/// @param with_nodes whether nodes are shown, too
/// @returns the exit status
int show_cluster(const command_context& context, bool with_nodes);

/// Follows all jobs, as lines or documents (a row of `jobs` per line), until
/// Ctrl-C. @returns the exit status
int follow_cluster(const command_context& context, bool as_json);

} // namespace troupe
