// libcaf_openssl 0.17 asks SSL_get_error() what became of a call. That answer
// takes in the thread's queue of errors, which CAF never empties: with OpenSSL
// 3 any peer that goes away without a goodbye leaves an error there, and the
// next healthy link of the same thread that has nothing to read is taken for
// broken and cut. So the calls through which CAF drives its links start with an
// empty queue.
//
// These functions take the place of the library's own because the executable
// comes first when the dynamic linker looks for a symbol. That holds only while
// this file is linked into the executable itself.

#include <dlfcn.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

namespace {

/// The library's own function behind one of ours.
template <class Function>
Function* behind(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

} // namespace

extern "C" {

int SSL_read(SSL* link, void* to, int size) {
  static auto* const next = behind<int(SSL*, void*, int)>("SSL_read");
  ERR_clear_error();
  return next(link, to, size);
}

int SSL_write(SSL* link, const void* from, int size) {
  static auto* const next = behind<int(SSL*, const void*, int)>("SSL_write");
  ERR_clear_error();
  return next(link, from, size);
}

int SSL_connect(SSL* link) {
  static auto* const next = behind<int(SSL*)>("SSL_connect");
  ERR_clear_error();
  return next(link);
}

int SSL_accept(SSL* link) {
  static auto* const next = behind<int(SSL*)>("SSL_accept");
  ERR_clear_error();
  return next(link);
}

SSL_CTX* SSL_CTX_new(const SSL_METHOD* method) {
  static auto* const next = behind<SSL_CTX*(const SSL_METHOD*)>("SSL_CTX_new");
  auto* context = next(method);
  if (context == nullptr)
    return context;
  // All ends of our links are troupe; nothing older is let in.
  SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION);
  // A peer that was killed sends no goodbye. Messages have lengths of their
  // own, so a link that just ends cuts nothing short unnoticed.
  SSL_CTX_set_options(context,
                      SSL_OP_IGNORE_UNEXPECTED_EOF | SSL_OP_NO_RENEGOTIATION);
  // CAF's buffer may have moved when it offers the same bytes again.
  SSL_CTX_set_mode(context, SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  return context;
}

} // extern "C"
