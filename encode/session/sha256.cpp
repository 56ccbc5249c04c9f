#include "encode/session/sha256.hpp"

#include <cerrno>
#include <cstring>
#include <memory>
#include <new>
#include <vector>

#include <openssl/evp.h>
#include <unistd.h>

namespace troupe::session {

namespace {

constexpr size_t piece_bytes = 1 << 20;

struct digest_deleter {
  void operator()(EVP_MD_CTX* x) const noexcept { EVP_MD_CTX_free(x); }
};

std::string hexadecimal(const unsigned char* bytes, unsigned count) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string result;
  for (unsigned i = 0; i < count; ++i) {
    result += digits[bytes[i] >> 4];
    result += digits[bytes[i] & 15];
  }
  return result;
}

} // namespace

outcome<std::string> sha256_of(int fd, std::atomic<uint64_t>& counter) {
  std::unique_ptr<EVP_MD_CTX, digest_deleter> digest{EVP_MD_CTX_new()};
  if (!digest)
    throw std::bad_alloc{};
  failure broken{ec::internal, "SHA-256", "OpenSSL refused", "report this"};
  if (EVP_DigestInit_ex(digest.get(), EVP_sha256(), nullptr) != 1)
    return broken;
  std::vector<char> piece(piece_bytes);
  for (off_t position = 0;;) {
    auto count = ::pread(fd, piece.data(), piece.size(), position);
    if (count < 0 && errno == EINTR)
      continue;
    if (count < 0)
      return failure{ec::io_error, "",
                     std::string{"reading the result: "} + std::strerror(errno),
                     "check the disk"};
    if (count == 0)
      break;
    if (EVP_DigestUpdate(digest.get(), piece.data(), static_cast<size_t>(count))
        != 1)
      return broken;
    position += count;
    counter += static_cast<uint64_t>(count);
  }
  unsigned char bytes[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  if (EVP_DigestFinal_ex(digest.get(), bytes, &size) != 1)
    return broken;
  return hexadecimal(bytes, size);
}

} // namespace troupe::session
