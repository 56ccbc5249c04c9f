#include "nodes/network.hpp"

#include <cerrno>
#include <chrono>
#include <cstring>
#include <set>

#include <caf/atom.hpp>
#include <caf/io/middleman.hpp>
#include <caf/openssl/manager.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>

#include <netdb.h>
#include <sys/socket.h>

#include "encode/unique_fd.hpp"
#include "messages/types.hpp"

namespace troupe {

namespace {

/// With these a peer that froze or was cut off is given up after 2 to 2.5 s.
constexpr std::chrono::milliseconds heartbeat_interval{500};
constexpr std::chrono::seconds connection_timeout{2};

constexpr std::chrono::seconds publish_deadline{10};

/// A value as its option wants it: atoms may stand there like other texts.
caf::config_value value_for(const caf::config_option& option,
                            const std::string& text) {
  auto parsed = caf::config_value::parse(text);
  auto value = parsed ? std::move(*parsed) : caf::config_value{text};
  if (!option.check(value))
    return value;
  constexpr size_t longest_atom = 10;
  caf::config_value plain{text};
  if (!option.check(plain))
    return plain;
  if (text.size() <= longest_atom)
    return caf::config_value{caf::atom_from_string(text)};
  return value;
}

caf::io::middleman_actor listener(caf::actor_system& system) {
  if (system.has_openssl_manager())
    return system.openssl_manager().actor_handle();
  return system.middleman().actor_handle();
}

/// CAF only says that it didn't work; binding once more says why.
std::string why_not_bound(const endpoint& at) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE;
  addrinfo* found = nullptr;
  auto port = std::to_string(at.port);
  auto* host = at.host.empty() ? nullptr : at.host.c_str();
  if (auto rc = getaddrinfo(host, port.c_str(), &hints, &found); rc != 0)
    return gai_strerror(rc);
  unique_fd socket{::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  int on = 1;
  setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  auto bound = bind(socket.get(), found->ai_addr, found->ai_addrlen) == 0
               && listen(socket.get(), 1) == 0;
  auto error = errno;
  freeaddrinfo(found);
  return bound ? "the system refused, for a moment" : std::strerror(error);
}

failure not_bound(const endpoint& at) {
  return {ec::bad_config, to_string(at),
          "can't listen there: " + why_not_bound(at),
          "end what uses it (ss -ltnp), or choose another bind or port"};
}

} // namespace

network_config::network_config(const std::optional<tls_settings>& tls,
                               uint32_t threads) {
  register_types(*this);
  load<caf::io::middleman>();
  // Off unless told: CAF would never notice a peer whose cable was pulled.
  set("middleman.heartbeat-interval", caf::timespan{heartbeat_interval});
  set("middleman.connection-timeout", caf::timespan{connection_timeout});
  // These would listen on a port of their own, without TLS.
  set("middleman.enable-automatic-connections", false);
  // Work stealing polls even when there is nothing to steal.
  set("scheduler.policy", caf::atom("sharing"));
  set("scheduler.max-threads", size_t{threads});
  if (!tls)
    return;
  load<caf::openssl::manager>();
  openssl_certificate = tls->certificate;
  openssl_key = tls->key;
  openssl_cafile = tls->ca;
}

outcome<void> network_config::apply(
    const std::vector<std::pair<std::string, std::string>>& caf) {
  for (const auto& [key, text] : caf) {
    const auto* option = custom_options_.qualified_name_lookup(key);
    if (option == nullptr)
      return failure{ec::bad_config, "[caf] " + key, "CAF has no such setting",
                     "see the manual of CAF 0.17"};
    auto value = value_for(*option, text);
    if (option->check(value))
      return failure{ec::bad_config, "[caf] " + key,
                     "\"" + text + "\" has the wrong type",
                     "CAF wants: "
                         + std::string{option->type_name().begin(),
                                       option->type_name().end()}};
    set(key, std::move(value));
  }
  return {};
}

outcome<uint16_t> publish(caf::actor_system& system,
                          const caf::strong_actor_ptr& what,
                          const endpoint& at) {
  outcome<uint16_t> result{uint16_t{0}};
  caf::scoped_actor self{system};
  // The port of a node that was just killed is still warm.
  constexpr auto reuse = true;
  self->request(listener(system), publish_deadline, caf::publish_atom::value,
                at.port, what, std::set<std::string>{}, at.host, reuse)
      .receive([&](uint16_t port) { result = port; },
               [&](const caf::error&) { result = not_bound(at); });
  return result;
}

void unpublish(caf::actor_system& system, const caf::strong_actor_ptr& what,
               uint16_t port) {
  caf::scoped_actor self{system};
  self->send(listener(system), caf::unpublish_atom::value,
             caf::actor_cast<caf::actor_addr>(what), port);
}

} // namespace troupe
