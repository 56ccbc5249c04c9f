#pragma once

#include <chrono>
#include <memory>
#include <string>

#include <openssl/evp.h>
#include <openssl/x509.h>

#include "messages/outcome.hpp"

/// Certificates and keys in files. For config/certificate*.cpp only: OpenSSL's
/// types go no further.
namespace troupe {

/// Adapts OpenSSL's `void free(T*)` functions to unique_ptr.
template <auto Free>
struct openssl_deleter {
  template <class T>
  void operator()(T* x) const noexcept {
    Free(x);
  }
};

using certificate_ptr = std::unique_ptr<X509, openssl_deleter<X509_free>>;
using key_ptr = std::unique_ptr<EVP_PKEY, openssl_deleter<EVP_PKEY_free>>;

/// Reads the first certificate of a PEM file that nobody but its owner may
/// change. Code: bad_certificate.
outcome<certificate_ptr> read_certificate(const std::string& path);

/// Reads the private key of a PEM file. One that others may read is refused,
/// and so is one with a passphrase, as nobody is there to type it. Code:
/// bad_certificate.
outcome<key_ptr> read_key(const std::string& path);

/// PEM texts; internal when OpenSSL fails.
outcome<std::string> to_pem(X509& certificate);
outcome<std::string> to_pem(EVP_PKEY& key);

/// Writes a file that isn't there yet: whole, on disk and with these rights
/// from its first byte, or not at all. Codes: cannot_create, disk_full.
outcome<void> write_new_file(const std::string& path, const std::string& text,
                             int mode);

/// The reason of OpenSSL's last failure in this thread; empties its queue.
std::string openssl_reason();

/// A moment of a certificate.
std::chrono::system_clock::time_point to_time(const ASN1_TIME& x);

/// "2026-01-31 23:59:59 UTC".
std::string date_of(std::chrono::system_clock::time_point x);

} // namespace troupe
