#pragma once

#include <atomic>
#include <cstdint>
#include <memory>

#include "encode/session/av.hpp"

namespace troupe::session {

/// A descriptor that closes itself.
class descriptor {
public:
  descriptor() = default;
  explicit descriptor(int fd) : fd_(fd) {}
  descriptor(descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  descriptor& operator=(descriptor&& other) noexcept;
  ~descriptor() { reset(); }

  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }
  void reset();

private:
  int fd_ = -1;
};

/// libav's view of one inherited descriptor. Reads and writes go to absolute
/// positions, so that several views of one descriptor don't disturb each other.
/// libav never opens a file itself: a session couldn't.
class descriptor_io {
public:
  enum class mode { read, write };

  /// @param fd stays the caller's and must outlive the object
  /// @param counter grows by every byte that moves
  descriptor_io(int fd, mode how, std::atomic<uint64_t>& counter);
  descriptor_io(const descriptor_io&) = delete;
  descriptor_io& operator=(const descriptor_io&) = delete;
  ~descriptor_io();

  AVIOContext* context() { return context_; }

  int fd() const { return fd_; }

  std::atomic<uint64_t>& counter() { return counter_; }

  /// The first error number of a read or write, 0 when none failed. libav's
  /// demuxers take a failed read for the end of the file.
  int first_error() const { return first_error_; }

private:
  static int read(void* self, uint8_t* buffer, int size);
  static int write(void* self, uint8_t* buffer, int size);
  static int64_t seek(void* self, int64_t offset, int whence);

  int64_t size() const;

  int fd_;
  std::atomic<uint64_t>& counter_;
  int64_t position_ = 0;
  int64_t unflushed_ = 0; ///< bytes written since writeback was last started
  int first_error_ = 0;
  AVIOContext* context_ = nullptr;
};

} // namespace troupe::session
