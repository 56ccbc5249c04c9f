#include "config/certificate_authority.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config/certificate_files.hpp"
#include "config/endpoint.hpp"
#include "config/node_settings.hpp"

namespace troupe {

namespace {

using clock = std::chrono::system_clock;
using extension_ptr =
    std::unique_ptr<X509_EXTENSION, openssl_deleter<X509_EXTENSION_free>>;
using number_ptr = std::unique_ptr<BIGNUM, openssl_deleter<BN_free>>;

constexpr int key_mode = 0600;
constexpr int certificate_mode = 0644;

/// Clocks of machines differ; a certificate is to be good at once.
constexpr auto head_start = std::chrono::hours{1};

failure openssl_failure(const char* call) {
  return {ec::internal, call, openssl_reason(), ""};
}

failure usage(std::string subject, std::string cause, std::string advice) {
  return {ec::usage, std::move(subject), std::move(cause), std::move(advice)};
}

std::string join(const std::string& folder, const std::string& name) {
  return folder.ends_with('/') ? folder + name : folder + '/' + name;
}

bool exists(const std::string& path) {
  struct stat about {};
  return ::lstat(path.c_str(), &about) == 0;
}

outcome<void> check_days(uint32_t days) {
  if (days >= 1 && days <= most_certificate_days)
    return {};
  return usage("--days", std::to_string(days) + " is out of range",
               "allowed is 1 to " + std::to_string(most_certificate_days));
}

outcome<void> check_free(const issued_certificate& files) {
  for (const auto& path : {files.certificate, files.key})
    if (exists(path))
      return failure{ec::cannot_create, path, "is there already",
                     "troupe ca never overwrites: remove it first if it is "
                     "not needed"};
  return {};
}

/// What tells a CA's certificate from others.
struct certificate_shape {
  std::string name;
  clock::time_point begins;
  clock::time_point expires;
  std::vector<std::pair<int, std::string>> extensions; ///< by OpenSSL's NID
};

bool set_serial(X509& x) {
  // 159 bits are positive and have at most the 20 bytes that are allowed.
  number_ptr number{BN_new()};
  return number
         && BN_rand(number.get(), 159, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY)
         && BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(&x));
}

bool set_name(X509_NAME& to, const std::string& name) {
  auto bytes = reinterpret_cast<const unsigned char*>(name.data());
  return X509_NAME_add_entry_by_txt(&to, "CN", MBSTRING_UTF8, bytes,
                                    static_cast<int>(name.size()), -1, 0)
         == 1;
}

bool set_times(X509& x, const certificate_shape& shape) {
  return ASN1_TIME_set(X509_getm_notBefore(&x), clock::to_time_t(shape.begins))
         && ASN1_TIME_set(X509_getm_notAfter(&x),
                          clock::to_time_t(shape.expires));
}

bool add_extensions(X509& x, X509& issuer, const certificate_shape& shape) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, &issuer, &x, nullptr, nullptr, 0);
  return std::ranges::all_of(shape.extensions, [&](const auto& entry) {
    extension_ptr extension{X509V3_EXT_conf_nid(nullptr, &context, entry.first,
                                                entry.second.c_str())};
    return extension && X509_add_ext(&x, extension.get(), -1) == 1;
  });
}

/// @param issuer null for one that signs itself
outcome<certificate_ptr> sign(const certificate_shape& shape, EVP_PKEY& key,
                              X509* issuer, EVP_PKEY& issuer_key) {
  certificate_ptr result{X509_new()};
  if (!result)
    return openssl_failure("X509_new");
  auto& x = *result;
  auto& by = issuer ? *issuer : x;
  if (X509_set_version(&x, X509_VERSION_3) != 1 || !set_serial(x)
      || !set_name(*X509_get_subject_name(&x), shape.name)
      || X509_set_issuer_name(&x, X509_get_subject_name(&by)) != 1
      || !set_times(x, shape) || X509_set_pubkey(&x, &key) != 1
      || !add_extensions(x, by, shape)
      || X509_sign(&x, &issuer_key, EVP_sha256()) == 0)
    return openssl_failure("making a certificate");
  return result;
}

/// The key first: a certificate without its key would be good for nothing. If
/// the second fails, the first goes again.
outcome<issued_certificate> write(issued_certificate files, X509& certificate,
                                  EVP_PKEY& key) {
  auto key_text = to_pem(key);
  auto text = to_pem(certificate);
  if (!key_text || !text)
    return key_text ? text.error() : key_text.error();
  if (auto written = write_new_file(files.key, *key_text, key_mode); !written)
    return written.error();
  if (auto written = write_new_file(files.certificate, *text, certificate_mode);
      !written) {
    ::unlink(files.key.c_str());
    return written.error();
  }
  files.expires = to_time(*X509_get0_notAfter(&certificate));
  return files;
}

certificate_shape authority_shape(const std::string& name, uint32_t days,
                                  clock::time_point now) {
  return {name,
          now - head_start,
          now + std::chrono::hours{24} * days,
          {{NID_basic_constraints, "critical,CA:TRUE,pathlen:0"},
           {NID_key_usage, "critical,keyCertSign,cRLSign"},
           {NID_subject_key_identifier, "hash"}}};
}

certificate_shape leaf_shape(const std::string& name, uint32_t days,
                             clock::time_point now) {
  auto other_name = (is_address(name) ? "IP:" : "DNS:") + name;
  return {name,
          now - head_start,
          now + std::chrono::hours{24} * days,
          {{NID_basic_constraints, "critical,CA:FALSE"},
           {NID_key_usage, "critical,digitalSignature"},
           {NID_ext_key_usage, "serverAuth,clientAuth"},
           {NID_subject_alt_name, other_name},
           {NID_subject_key_identifier, "hash"},
           {NID_authority_key_identifier, "keyid"}}};
}

struct authority {
  certificate_ptr certificate;
  key_ptr key;
};

outcome<authority> open_authority(const std::string& folder,
                                  clock::time_point now) {
  auto file = join(folder, "ca.pem");
  if (!exists(file))
    return failure{ec::no_input, file, "is not there",
                   "make a CA first: troupe ca init --dir " + folder};
  auto certificate = read_certificate(file);
  if (!certificate)
    return certificate.error();
  auto key = read_key(join(folder, "ca.key"));
  if (!key)
    return key.error();
  auto wrong = [&](std::string cause) {
    return failure{ec::bad_certificate, file, std::move(cause),
                   "restore both files, or make a new CA in another folder"};
  };
  auto& x = **certificate;
  auto match = X509_check_private_key(&x, key->get()) == 1;
  ERR_clear_error();
  if (!match)
    return wrong("ca.key is not its key");
  if (X509_check_ca(&x) == 0)
    return wrong("is no certificate of a CA");
  if (auto end = to_time(*X509_get0_notAfter(&x)); end <= now)
    return wrong("has expired on " + date_of(end));
  return authority{std::move(*certificate), std::move(*key)};
}

outcome<void> make_folder(const std::string& folder) {
  if (::mkdir(folder.c_str(), 0700) == 0 || errno == EEXIST)
    return {};
  return failure{ec::cannot_create, folder, std::strerror(errno),
                 "check the folder above it and its rights"};
}

outcome<key_ptr> make_key() {
  key_ptr key{EVP_EC_gen("P-256")};
  if (!key)
    return openssl_failure("EVP_EC_gen");
  return key;
}

} // namespace

bool is_certificate_name(std::string_view name) {
  // "ca" would be the CA's own file; a leading point hides a file.
  return is_node_name(name) && name != "ca" && !name.starts_with('.')
         && !name.starts_with('-');
}

outcome<issued_certificate> init_authority(const std::string& folder,
                                           const std::string& name,
                                           uint32_t days,
                                           clock::time_point now) {
  issued_certificate files{join(folder, "ca.pem"), join(folder, "ca.key"), {}};
  constexpr size_t longest_name = 64; // of a common name
  if (name.empty() || name.size() > longest_name)
    return usage("--name", "\"" + name + "\" is no name for a CA",
                 "allowed are 1 to 64 bytes");
  if (auto ok = check_days(days); !ok)
    return ok.error();
  if (auto ok = check_free(files); !ok)
    return ok.error();
  if (auto ok = make_folder(folder); !ok)
    return ok.error();
  auto key = make_key();
  if (!key)
    return key.error();
  auto made = sign(authority_shape(name, days, now), **key, nullptr, **key);
  if (!made)
    return made.error();
  return write(std::move(files), **made, **key);
}

outcome<issued_certificate> issue_certificate(const std::string& folder,
                                              const std::string& name,
                                              uint32_t days,
                                              clock::time_point now) {
  issued_certificate files{
      join(folder, name + ".pem"), join(folder, name + ".key"), {}};
  if (!is_certificate_name(name))
    return usage("NAME", "\"" + name + "\" is no name for a certificate",
                 "allowed are 1 to 64 letters, digits, '-', '_' and '.', "
                 "but not \"ca\", and no '-' or '.' in front");
  if (auto ok = check_days(days); !ok)
    return ok.error();
  auto ca = open_authority(folder, now);
  if (!ca)
    return ca.error();
  if (auto ok = check_free(files); !ok)
    return ok.error();
  auto key = make_key();
  if (!key)
    return key.error();
  auto shape = leaf_shape(name, days, now);
  shape.expires = std::min(shape.expires,
                           to_time(*X509_get0_notAfter(ca->certificate.get())));
  auto made = sign(shape, **key, ca->certificate.get(), *ca->key);
  if (!made)
    return made.error();
  return write(std::move(files), **made, **key);
}

} // namespace troupe
