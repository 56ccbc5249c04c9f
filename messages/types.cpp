#include "messages/types.hpp"

#include <caf/actor_system_config.hpp>
#include <caf/atom.hpp>
#include <caf/exit_reason.hpp>
#include <caf/make_message.hpp>
#include <caf/sec.hpp>

#include "messages/cluster.hpp"
#include "messages/interfaces.hpp"

namespace troupe {

namespace {

constexpr auto category = caf::atom("troupe");

failure failure_in(uint8_t code, const caf::message& context) {
  if (context.match_elements<failure>())
    return context.get_as<failure>(0);
  return {static_cast<ec>(code), "", "", ""};
}

std::string render(uint8_t code, caf::atom_value, const caf::message& context) {
  return to_string(failure_in(code, context));
}

failure from_system_error(caf::sec code) {
  switch (code) {
    case caf::sec::request_timeout:
      return {ec::worker_lost, "", "no answer in time", "try again"};
    case caf::sec::request_receiver_down:
      return {ec::worker_lost, "", "who was to answer is gone", "try again"};
    default:
      return {ec::internal, "", "message failed: " + to_string(code),
              "please report this"};
  }
}

} // namespace

void register_types(caf::actor_system_config& config) {
  // The names are part of the protocol: never renamed.
  config.add_message_type<ec>("troupe.ec")
      .add_message_type<failure>("troupe.failure")
      .add_message_type<job_id>("troupe.job_id")
      .add_message_type<attempt_id>("troupe.attempt_id")
      .add_message_type<media_info>("troupe.media_info")
      .add_message_type<encode_plan>("troupe.encode_plan")
      .add_message_type<encoder_capability>("troupe.encoder_capability")
      .add_message_type<profile>("troupe.profile")
      .add_message_type<session_progress>("troupe.session_progress")
      .add_message_type<encode_report>("troupe.encode_report")
      .add_message_type<task_spec>("troupe.task_spec")
      .add_message_type<task_progress>("troupe.task_progress")
      .add_message_type<task_result>("troupe.task_result")
      .add_message_type<task_report>("troupe.task_report")
      .add_message_type<job_spec>("troupe.job_spec")
      .add_message_type<job_result>("troupe.job_result")
      .add_message_type<job_report>("troupe.job_report")
      .add_message_type<placed_worker>("troupe.placed_worker")
      .add_message_type<publish_grant>("troupe.publish_grant")
      .add_message_type<task_needs>("troupe.task_needs")
      .add_message_type<held_attempt>("troupe.held_attempt")
      .add_message_type<std::vector<held_attempt>>("troupe.held_attempts")
      .add_message_type<job_request>("troupe.job_request")
      .add_message_type<job_query>("troupe.job_query")
      .add_message_type<job_summary>("troupe.job_summary")
      .add_message_type<std::vector<job_summary>>("troupe.job_summaries")
      .add_message_type<std::vector<log_line>>("troupe.log_lines")
      .add_message_type<node_key>("troupe.node_key")
      .add_message_type<node_load>("troupe.node_load")
      .add_message_type<member>("troupe.member")
      .add_message_type<std::vector<member>>("troupe.members")
      .add_message_type<join_request>("troupe.join_request")
      .add_message_type<welcome>("troupe.welcome")
      .add_message_type<found_coordinator>("troupe.found_coordinator")
      .add_message_type<membership_actor>("troupe.membership")
      .add_message_type<observer_actor>("troupe.observer")
      .add_message_type<capability_probe_actor>("troupe.capability_probe")
      .add_message_type<job_actor>("troupe.job")
      .add_message_type<worker_actor>("troupe.worker")
      .add_message_type<encoder_actor>("troupe.encoder")
      .add_message_type<coordinator_actor>("troupe.coordinator")
      .add_error_category(category, render);
}

caf::error to_caf(const failure& error) {
  return {static_cast<uint8_t>(error.code), category, caf::make_message(error)};
}

failure from_caf(const caf::error& error) {
  if (!error)
    return {};
  if (error.category() == category)
    return failure_in(error.code(), error.context());
  if (error.category() == caf::atom("system"))
    return from_system_error(static_cast<caf::sec>(error.code()));
  if (error.category() == caf::atom("exit"))
    return {ec::worker_lost, "",
            "who was to answer ended: "
                + to_string(static_cast<caf::exit_reason>(error.code())),
            "try again"};
  return {ec::internal, "", to_string(error), "please report this"};
}

} // namespace troupe
