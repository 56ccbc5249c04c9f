#include "config/certificate_files.hpp"

#include <cerrno>
#include <cstring>
#include <ctime>

#include <fcntl.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <sys/stat.h>
#include <unistd.h>

namespace troupe {

namespace {

using bio_ptr = std::unique_ptr<BIO, openssl_deleter<BIO_free_all>>;

/// Beyond any certificate or key.
constexpr off_t most_bytes = off_t{1} << 20;

class descriptor {
public:
  explicit descriptor(int fd) : fd_(fd) {}
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;
  ~descriptor() {
    if (fd_ >= 0)
      ::close(fd_);
  }

  int get() const { return fd_; }

private:
  int fd_;
};

failure refuse(const std::string& path, std::string cause, std::string advice) {
  return {ec::bad_certificate, path, std::move(cause), std::move(advice)};
}

struct file_text {
  std::string text;
  mode_t mode = 0;
};

outcome<file_text> read_file(const std::string& path) {
  // A FIFO would hold us up until somebody writes.
  descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  if (file.get() < 0)
    return refuse(path, std::strerror(errno),
                  "check the path and its rights; see troupe ca");
  struct stat about {};
  if (::fstat(file.get(), &about) != 0 || !S_ISREG(about.st_mode)
      || about.st_size > most_bytes)
    return refuse(path, "is no file in PEM format", "see troupe ca");
  file_text result{std::string(static_cast<size_t>(about.st_size), '\0'),
                   about.st_mode};
  auto got = ::read(file.get(), result.text.data(), result.text.size());
  if (got != about.st_size)
    return refuse(path, "cannot be read", "check the disk");
  return result;
}

bio_ptr reader_of(const std::string& text) {
  return bio_ptr{BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))};
}

/// OpenSSL would ask at the terminal.
int no_passphrase(char*, int, int, void*) {
  return -1;
}

outcome<std::string> text_of(BIO* bio, int written) {
  char* data = nullptr;
  auto size = BIO_get_mem_data(bio, &data);
  if (written != 1 || size <= 0)
    return failure{ec::internal, "OpenSSL", openssl_reason(), ""};
  return std::string{data, static_cast<size_t>(size)};
}

bool write_all(int fd, const std::string& text) {
  size_t done = 0;
  while (done < text.size()) {
    auto n = ::write(fd, text.data() + done, text.size() - done);
    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      return false;
    done += static_cast<size_t>(n);
  }
  return ::fsync(fd) == 0;
}

std::string folder_of(const std::string& path) {
  auto slash = path.rfind('/');
  if (slash == std::string::npos)
    return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

bool sync_folder(const std::string& folder) {
  descriptor fd{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  return fd.get() >= 0 && ::fsync(fd.get()) == 0;
}

failure not_written(const std::string& path, int error) {
  if (error == ENOSPC || error == EDQUOT)
    return {ec::disk_full, path, std::strerror(error), "free some space"};
  if (error == EEXIST)
    return {ec::cannot_create, path, "is there already",
            "troupe ca never overwrites: remove it first if it is not needed"};
  return {ec::cannot_create, path, std::strerror(error),
          "check the folder and its rights"};
}

} // namespace

outcome<certificate_ptr> read_certificate(const std::string& path) {
  auto file = read_file(path);
  if (!file)
    return file.error();
  // Whoever changes the CA's decides who is let in.
  if ((file->mode & (S_IWGRP | S_IWOTH)) != 0)
    return refuse(path, "can be changed by other users",
                  "run chmod go-w on it");
  auto bio = reader_of(file->text);
  certificate_ptr result{
      PEM_read_bio_X509(bio.get(), nullptr, no_passphrase, nullptr)};
  if (!result)
    return refuse(path, "holds no certificate: " + openssl_reason(),
                  "it must be in PEM format; see troupe ca");
  return result;
}

outcome<key_ptr> read_key(const std::string& path) {
  auto file = read_file(path);
  if (!file)
    return file.error();
  if ((file->mode & (S_IRWXG | S_IRWXO)) != 0)
    return refuse(path, "can be read or changed by other users",
                  "run chmod 600 on it");
  auto bio = reader_of(file->text);
  key_ptr result{
      PEM_read_bio_PrivateKey(bio.get(), nullptr, no_passphrase, nullptr)};
  if (!result)
    return refuse(path, "holds no private key: " + openssl_reason(),
                  "it must be in PEM format, without a passphrase; see troupe "
                  "ca");
  return result;
}

outcome<std::string> to_pem(X509& certificate) {
  bio_ptr bio{BIO_new(BIO_s_mem())};
  return text_of(bio.get(), PEM_write_bio_X509(bio.get(), &certificate));
}

outcome<std::string> to_pem(EVP_PKEY& key) {
  bio_ptr bio{BIO_new(BIO_s_mem())};
  return text_of(bio.get(),
                 PEM_write_bio_PrivateKey(bio.get(), &key, nullptr, nullptr, 0,
                                          nullptr, nullptr));
}

outcome<void> write_new_file(const std::string& path, const std::string& text,
                             int mode) {
  auto part = path + ".part-" + std::to_string(::getpid());
  descriptor file{::open(part.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
                         static_cast<mode_t>(mode))};
  if (file.get() < 0)
    return not_written(part, errno);
  // Unlike rename, link never replaces anything.
  auto error =
      write_all(file.get(), text) && ::link(part.c_str(), path.c_str()) == 0
          ? 0
          : errno;
  ::unlink(part.c_str());
  if (error == 0 && !sync_folder(folder_of(path)))
    error = errno;
  return error == 0 ? outcome<void>{} : not_written(path, error);
}

std::string openssl_reason() {
  auto code = ERR_peek_last_error();
  ERR_clear_error();
  auto text = ERR_reason_error_string(code);
  return text ? text : "no reason given";
}

std::chrono::system_clock::time_point to_time(const ASN1_TIME& x) {
  std::tm parts{};
  ASN1_TIME_to_tm(&x, &parts);
  return std::chrono::system_clock::from_time_t(::timegm(&parts));
}

std::string date_of(std::chrono::system_clock::time_point x) {
  auto seconds = std::chrono::system_clock::to_time_t(x);
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  char text[64];
  auto size =
      std::strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S UTC", &parts);
  return {text, size};
}

} // namespace troupe
