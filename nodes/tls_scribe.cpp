#include "nodes/tls_scribe.hpp"

#include <string>
#include <utility>

#include <caf/io/middleman.hpp>
#include <caf/io/network/default_multiplexer.hpp>
#include <caf/io/network/interfaces.hpp>
#include <caf/io/network/stream_impl.hpp>
#include <caf/make_counted.hpp>
#include <caf/openssl/session.hpp>

namespace troupe {

namespace {

namespace net = caf::io::network;

/// How CAF's stream reads and writes.
class tls_policy {
public:
  explicit tls_policy(caf::openssl::session_ptr session)
      : session_(std::move(session)) {}

  net::rw_state read_some(size_t& done, int socket, void* to, size_t size) {
    return session_->read_some(done, socket, to, size);
  }

  net::rw_state write_some(size_t& done, int socket, const void* from,
                           size_t size) {
    return session_->write_some(done, socket, from, size);
  }

  bool must_read_more(int socket, size_t threshold) {
    return session_->must_read_more(socket, threshold);
  }

private:
  caf::openssl::session_ptr session_;
};

class tls_scribe final : public caf::io::scribe {
public:
  tls_scribe(net::default_multiplexer& multiplexer, int socket,
             caf::openssl::session_ptr session)
      : scribe(net::conn_hdl_from_socket(socket)),
        stream_(multiplexer, socket, std::move(session)) {}

  void configure_read(caf::io::receive_policy::config how) override {
    stream_.configure_read(how);
    if (std::exchange(started_, true))
      return;
    stream_.start(this);
    // The handshake may have to write before there is anything to say.
    stream_.force_empty_write(this);
  }

  void ack_writes(bool enable) override { stream_.ack_writes(enable); }

  std::vector<char>& wr_buf() override { return stream_.wr_buf(); }

  std::vector<char>& rd_buf() override { return stream_.rd_buf(); }

  void flush() override { stream_.flush(this); }

  void graceful_shutdown() override {
    stream_.graceful_shutdown();
    detach(&stream_.backend(), false);
  }

  std::string addr() const override {
    auto found = net::remote_addr_of_fd(stream_.fd());
    return found ? std::move(*found) : std::string{};
  }

  uint16_t port() const override {
    auto found = net::remote_port_of_fd(stream_.fd());
    return found ? *found : uint16_t{0};
  }

  void add_to_loop() override { stream_.activate(this); }

  void remove_from_loop() override { stream_.passivate(); }

private:
  bool started_ = false;
  net::stream_impl<tls_policy> stream_;
};

} // namespace

caf::io::scribe_ptr make_tls_scribe(caf::actor_system& system,
                                    unique_fd socket) {
  constexpr auto accepted = false;
  auto session = caf::openssl::make_session(system, socket.get(), accepted);
  if (!session)
    return nullptr;
  auto& multiplexer =
      static_cast<net::default_multiplexer&>(system.middleman().backend());
  return caf::make_counted<tls_scribe>(multiplexer, socket.release(),
                                       std::move(session));
}

} // namespace troupe
