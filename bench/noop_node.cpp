#include "bench/noop_node.hpp"

#include <vector>

#include <caf/result.hpp>
#include <caf/stateful_actor.hpp>

#include "actors/worker.hpp"
#include "messages/types.hpp"

namespace troupe::bench {

namespace {

/// Two seconds of H.264 at 25 frames per second.
media_info typical_media() {
  stream_info video;
  video.kind = stream_kind::video;
  video.codec = "h264";
  video.decodable = true;
  video.time_base = {1, 12800};
  video.duration_s = 2;
  video.frames = 50;
  video.width = 640;
  video.height = 360;
  video.sample_aspect = {1, 1};
  video.pixel_format = "yuv420p";
  video.bit_depth = 8;
  video.frame_rate = {25, 1};
  video.base_frame_rate = {25, 1};
  video.constant_rate = true;
  video.field_order = "progressive";
  media_info result;
  result.format = "mov,mp4,m4a,3gp,3g2,mj2";
  result.size_bytes = 1'000'000;
  result.duration_s = 2;
  result.streams = {video};
  result.best_video = 0;
  return result;
}

encode_report typical_report(const encode_plan& plan) {
  stream_tally tally;
  tally.codec = "h264";
  tally.packets = 50;
  tally.frames = 50;
  tally.timed = true;
  tally.last_s = 2;
  output_report output;
  output.size_bytes = 500'000;
  output.sha256 = std::string(64, 'a');
  output.duration_s = 2;
  output.streams = {tally};
  encode_report result;
  result.source = {tally};
  result.outputs.assign(plan.outputs.size(), output);
  return result;
}

struct noop_state {
  static inline const char* name = "encoder";

  /// The task that was given last.
  task_spec task;
};

using noop_pointer = encoder_actor::stateful_pointer<noop_state>;

void run(noop_pointer self, const worker_actor& parent, const task_spec& task) {
  self->state.task = task;
  if (task.kind == task_kind::whole)
    return self->send(parent, atom::publish_v, task.id);
  task_result result;
  result.id = task.id;
  result.media = typical_media();
  self->send(parent, atom::done_v, result);
}

void publish(noop_pointer self, const worker_actor& parent) {
  task_result result;
  result.id = self->state.task.id;
  result.report = typical_report(self->state.task.plan);
  self->send(parent, atom::done_v, result);
  self->send(parent, atom::ended_v, result.id);
  self->quit();
}

encoder_actor::behavior_type noop_encoder(noop_pointer self,
                                          const worker_actor& parent) {
  auto give_up = [=](const attempt_id& id) {
    self->send(parent, atom::failed_v, id,
               failure{ec::cancelled, to_string(id), "given up", ""});
    self->quit();
  };
  return {
      [=](atom::run, const task_spec& task) { run(self, parent, task); },
      [=](atom::grant, const publish_grant& grant) {
        if (grant.granted)
          publish(self, parent);
        else
          give_up(grant.attempt);
      },
      [=](atom::cancel, const attempt_id& id) { give_up(id); },
      [](atom::tick) {},
      [](atom::event) {},
  };
}

/// As a machine without special hardware.
encoder_capability software_only(const std::string& encoder) {
  encoder_capability result;
  result.name = encoder;
  result.works = encoder.starts_with("lib");
  if (!result.works)
    result.reason = "no device";
  return result;
}

capability_probe_actor::behavior_type
known_probe(capability_probe_actor::pointer) {
  return {
      [](atom::probe, const std::string& name) { return software_only(name); },
      [](atom::describe) { return profile{}; },
      [](atom::event) {},
      [](atom::tick) {},
  };
}

membership_actor::behavior_type listener(membership_actor::pointer self) {
  return {
      [](atom::hello, uint32_t, const std::string&, const std::string&)
          -> caf::result<bool, std::string, std::string, uint16_t> {
        return {true, std::string{}, std::string{}, uint16_t{0}};
      },
      [=](atom::lead) {
        return self->make_response_promise<coordinator_actor>();
      },
      [](atom::members, const std::vector<member>&) {},
      [](atom::enlist, const placed_worker&) {},
      [](atom::lead, const coordinator_actor&) {},
      [](atom::describe, const profile&) {},
      [](atom::nodes) { return std::vector<member>{}; },
      [](atom::leave, uint64_t) { return true; },
      [](atom::tick) {},
  };
}

} // namespace

join_request spawn_noop_node(caf::actor_system& system, const std::string& name,
                             uint32_t slots) {
  worker_config config;
  config.slots = slots;
  config.spawn_encoder = [&system](const worker_actor& parent) {
    return system.spawn(noop_encoder, parent);
  };
  join_request result;
  result.card.key = {name, 1};
  result.card.slots = slots;
  result.card.load.roots.push_back({"media", true, uint64_t{1} << 40});
  result.membership = system.spawn(listener);
  result.place.push_back({result.card.key,
                          system.spawn(worker, std::move(config)),
                          system.spawn(known_probe), slots, 1});
  return result;
}

} // namespace troupe::bench
