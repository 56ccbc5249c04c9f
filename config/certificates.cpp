#include "config/certificates.hpp"

#include <memory>
#include <string>

#include <openssl/err.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include "config/certificate_files.hpp"

namespace troupe {

namespace {

using clock = std::chrono::system_clock;
using store_ptr = std::unique_ptr<X509_STORE, openssl_deleter<X509_STORE_free>>;
using verification_ptr =
    std::unique_ptr<X509_STORE_CTX, openssl_deleter<X509_STORE_CTX_free>>;

/// Time enough to issue new ones.
constexpr auto warning_time = std::chrono::hours{24 * 30};

failure refuse(const std::string& file, std::string cause, std::string advice) {
  return {ec::bad_certificate, file, std::move(cause), std::move(advice)};
}

/// What the verification of a certificate ended with.
struct verdict {
  int error = X509_V_OK;
  bool of_ca = false; ///< the CA's certificate is to blame, not the node's
};

class examination {
public:
  examination(const tls_settings& files, clock::time_point now)
      : files_(files), now_(now) {}

  certificate_findings run() {
    auto certificate = read_certificate(files_.certificate);
    auto key = read_key(files_.key);
    auto ca = read_certificate(files_.ca);
    note(certificate);
    note(key);
    note(ca);
    if (certificate && key && !match(**certificate, **key))
      found_.mistakes.push_back(
          refuse(files_.key, "does not belong to " + files_.certificate,
                 "certificate and key must be of one pair"));
    auto right_ca = ca && check_ca(**ca);
    if (certificate && right_ca)
      check_chain(**certificate);
    if (certificate && right_ca && found_.mistakes.empty()) {
      warn(files_.certificate, **certificate);
      warn(files_.ca, **ca);
    }
    return std::move(found_);
  }

private:
  template <class T>
  void note(const outcome<T>& read) {
    if (!read)
      found_.mistakes.push_back(read.error());
  }

  static bool match(X509& certificate, EVP_PKEY& key) {
    auto result = X509_check_private_key(&certificate, &key) == 1;
    ERR_clear_error();
    return result;
  }

  bool check_ca(X509& ca) {
    if (X509_check_ca(&ca) != 0)
      return true;
    found_.mistakes.push_back(
        refuse(files_.ca, "is no certificate of a CA",
               "name the ca.pem that troupe ca init has made"));
    return false;
  }

  /// As both ends of a connection will do it.
  void check_chain(X509& certificate) {
    for (auto purpose : {X509_PURPOSE_SSL_SERVER, X509_PURPOSE_SSL_CLIENT}) {
      auto found = verify(certificate, purpose);
      if (found.error != X509_V_OK) {
        found_.mistakes.push_back(explain(found, certificate));
        return;
      }
    }
  }

  verdict verify(X509& certificate, int purpose) const {
    store_ptr store{X509_STORE_new()};
    verification_ptr context{X509_STORE_CTX_new()};
    if (!store || !context
        || X509_STORE_load_locations(store.get(), files_.ca.c_str(), nullptr)
               != 1
        || X509_STORE_CTX_init(context.get(), store.get(), &certificate,
                               nullptr)
               != 1)
      return {X509_V_ERR_OUT_OF_MEM, true};
    X509_STORE_CTX_set_purpose(context.get(), purpose);
    X509_STORE_CTX_set_time(context.get(), 0, clock::to_time_t(now_));
    auto valid = X509_verify_cert(context.get()) == 1;
    ERR_clear_error();
    if (valid)
      return {};
    return {X509_STORE_CTX_get_error(context.get()),
            X509_STORE_CTX_get_error_depth(context.get()) > 0};
  }

  failure explain(const verdict& found, X509& certificate) const {
    const auto& file = found.of_ca ? files_.ca : files_.certificate;
    auto again = found.of_ca ? "make a new CA with troupe ca init and issue "
                               "all certificates again"
                             : "issue a new one with troupe ca issue";
    switch (found.error) {
      case X509_V_ERR_CERT_HAS_EXPIRED:
        return refuse(file, "has expired" + when(found, certificate, true),
                      again);
      case X509_V_ERR_CERT_NOT_YET_VALID:
        return refuse(file,
                      "is not valid yet" + when(found, certificate, false),
                      "check this machine's clock");
      case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
      case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
      case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
      case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
      case X509_V_ERR_CERT_SIGNATURE_FAILURE:
        return refuse(files_.certificate, "is not signed by " + files_.ca,
                      "issue it with the cluster's CA: troupe ca issue");
      case X509_V_ERR_INVALID_PURPOSE:
        return refuse(file,
                      "is not for both ends of a connection: serverAuth and "
                      "clientAuth",
                      again);
      default:
        return refuse(file, X509_verify_cert_error_string(found.error), again);
    }
  }

  /// The moment that a certificate's time ended or begins; the CA's isn't at
  /// hand, as its file may hold several.
  static std::string when(const verdict& found, X509& certificate, bool end) {
    if (found.of_ca)
      return "";
    auto time = end ? X509_get0_notAfter(&certificate)
                    : X509_get0_notBefore(&certificate);
    return (end ? " on " : ", but from ") + date_of(to_time(*time));
  }

  void warn(const std::string& file, X509& certificate) {
    auto end = to_time(*X509_get0_notAfter(&certificate));
    if (end - now_ < warning_time)
      found_.warnings.push_back(file + " expires on " + date_of(end));
  }

  const tls_settings& files_;
  clock::time_point now_;
  certificate_findings found_;
};

} // namespace

certificate_findings check_certificates(const tls_settings& files,
                                        clock::time_point now) {
  return examination{files, now}.run();
}

} // namespace troupe
