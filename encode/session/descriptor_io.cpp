#include "encode/session/descriptor_io.hpp"

#include <cerrno>
#include <new>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace troupe::session {

namespace {

/// Large enough that a 4K stream needs few calls, small enough that seeking
/// between interleaved streams doesn't read much in vain.
constexpr int buffer_bytes = 256 << 10;

/// Writeback starts after so many bytes, so that the fsync at the end finds
/// most of the output on its way to the disk.
constexpr int64_t writeback_bytes = int64_t{8} << 20;

} // namespace

descriptor& descriptor::operator=(descriptor&& other) noexcept {
  if (this != &other) {
    reset();
    fd_ = std::exchange(other.fd_, -1);
  }
  return *this;
}

void descriptor::reset() {
  if (fd_ >= 0)
    ::close(fd_);
  fd_ = -1;
}

descriptor_io::descriptor_io(int fd, mode how, std::atomic<uint64_t>& counter)
    : fd_(fd), counter_(counter) {
  auto buffer = static_cast<uint8_t*>(av_malloc(buffer_bytes));
  if (!buffer)
    throw std::bad_alloc{};
  context_ = avio_alloc_context(buffer, buffer_bytes, how == mode::write, this,
                                how == mode::read ? read : nullptr,
                                how == mode::write ? write : nullptr, seek);
  if (!context_) {
    av_free(buffer);
    throw std::bad_alloc{};
  }
}

descriptor_io::~descriptor_io() {
  // libav may have replaced the buffer; the context knows the current one.
  av_freep(&context_->buffer);
  avio_context_free(&context_);
}

int descriptor_io::read(void* opaque, uint8_t* buffer, int size) {
  auto self = static_cast<descriptor_io*>(opaque);
  ssize_t count = 0;
  do
    count =
        ::pread(self->fd_, buffer, static_cast<size_t>(size), self->position_);
  while (count < 0 && errno == EINTR);
  if (count < 0) {
    if (self->first_error_ == 0)
      self->first_error_ = errno;
    return AVERROR(errno);
  }
  if (count == 0)
    return AVERROR_EOF;
  self->position_ += count;
  self->counter_ += static_cast<uint64_t>(count);
  return static_cast<int>(count);
}

int descriptor_io::write(void* opaque, uint8_t* buffer, int size) {
  auto self = static_cast<descriptor_io*>(opaque);
  for (int done = 0; done < size;) {
    auto count = ::pwrite(self->fd_, buffer + done,
                          static_cast<size_t>(size - done), self->position_);
    if (count < 0 && errno == EINTR)
      continue;
    if (count <= 0) {
      auto error = count < 0 ? errno : EIO;
      if (self->first_error_ == 0)
        self->first_error_ = error;
      return AVERROR(error);
    }
    done += static_cast<int>(count);
    self->position_ += count;
    self->unflushed_ += count;
    self->counter_ += static_cast<uint64_t>(count);
  }
  if (self->unflushed_ >= writeback_bytes) {
    ::sync_file_range(self->fd_, 0, 0, SYNC_FILE_RANGE_WRITE);
    self->unflushed_ = 0;
  }
  return size;
}

int64_t descriptor_io::seek(void* opaque, int64_t offset, int whence) {
  auto self = static_cast<descriptor_io*>(opaque);
  switch (whence & ~AVSEEK_FORCE) {
    case AVSEEK_SIZE:
      return self->size();
    case SEEK_SET:
      break;
    case SEEK_CUR:
      offset += self->position_;
      break;
    case SEEK_END:
      offset += self->size();
      break;
    default:
      return AVERROR(EINVAL);
  }
  if (offset < 0)
    return AVERROR(EINVAL);
  self->position_ = offset;
  return offset;
}

int64_t descriptor_io::size() const {
  struct stat status {};
  return ::fstat(fd_, &status) == 0 ? status.st_size : AVERROR(errno);
}

} // namespace troupe::session
