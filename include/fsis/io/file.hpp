// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/config.hpp>
#include <fsis/core/error.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace io {

/// The system's words for an `errno` value.
inline std::string errno_text(int number) { return std::generic_category().message(number); }

/// A regular file open for reading from its start.
class input_file {
 public:
  /// Throws `io_error` where there is no such file, no permission, or something that is not a regular file.
  explicit input_file(std::string path) : path_(std::move(path)) {
    descriptor_ = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    require<io_error>(descriptor_ >= 0, "read: cannot open '", path_, "': ", errno_text(errno));
    struct ::stat status = {};
    int const failed = ::fstat(descriptor_, &status) != 0 ? errno : 0;
    if (failed != 0 || !S_ISREG(status.st_mode)) {
      close();
      require<io_error>(failed == 0, "read: cannot examine '", path_, "': ", errno_text(failed));
      fail<io_error>("read: '", path_, "' is ", S_ISDIR(status.st_mode) ? "a folder" : "a device or a pipe",
                     ", wanted a regular file");
    }
    size_ = static_cast<std::uint64_t>(status.st_size);
  }

  input_file(input_file const&) = delete;
  input_file& operator=(input_file const&) = delete;
  ~input_file() { close(); }

  std::string const& path() const { return path_; }

  /// Bytes of the file when it was opened.
  std::uint64_t size() const { return size_; }

  /// Reads exactly the next `count` bytes; throws `io_error` when the file ends before.
  void read(void* to, std::size_t count) {
    for (std::size_t done = 0; done < count;) {
      ::ssize_t const got = ::read(descriptor_, static_cast<char*>(to) + done, count - done);
      if (got < 0 && errno == EINTR) continue;
      require<io_error>(got >= 0, "read: '", path_, "' at byte ", at_, ": ", errno_text(errno));
      require<io_error>(got > 0, "read: '", path_, "' ends at byte ", at_, ", wanted ", count - done,
                        " bytes more");
      done += static_cast<std::size_t>(got);
      at_ += static_cast<std::uint64_t>(got);
    }
  }

 private:
  void close() {
    if (descriptor_ >= 0) ::close(descriptor_);
    descriptor_ = -1;
  }

  std::string path_;
  std::uint64_t size_ = 0, at_ = 0;
  int descriptor_ = -1;
};

/// All bytes of a regular file. Throws `io_error` when it cannot be read or holds more than `max_bytes`,
/// before anything is allocated.
inline std::vector<std::uint8_t> read_file(std::string const& path, std::uint64_t max_bytes) {
  input_file file(path);
  require<io_error>(file.size() <= max_bytes, "read: '", path, "' has ", file.size(), " bytes, at most ",
                    max_bytes);
  std::vector<std::uint8_t> bytes(static_cast<std::size_t>(file.size()));
  file.read(bytes.data(), bytes.size());
  return bytes;
}

/// A file that appears whole or not at all: bytes go to a temporary file beside the target, and `commit`
/// flushes it to the disk and renames it over the target. Without `commit` the target stays as it was.
/// A link is followed, the target's permissions are kept. A device or a pipe has nothing to replace and
/// is written directly.
class atomic_file {
 public:
  /// Throws `io_error` when the temporary file cannot be made.
  explicit atomic_file(std::string path) : path_(std::move(path)), target_(path_) {
    struct ::stat status = {};
    bool const exists = ::stat(path_.c_str(), &status) == 0;
    require<io_error>(!exists || !S_ISDIR(status.st_mode), "write: '", path_,
                      "' is a folder, wanted a file");
    if (exists && !S_ISREG(status.st_mode)) {
      descriptor_ = ::open(path_.c_str(), O_WRONLY | O_CLOEXEC);
      require<io_error>(descriptor_ >= 0, "write: cannot open '", path_, "': ", errno_text(errno));
      return;
    }
    if (exists) follow_link();
    open_temporary();
    if (exists) (void)::fchmod(descriptor_, status.st_mode & 07777);
  }

  atomic_file(atomic_file const&) = delete;
  atomic_file& operator=(atomic_file const&) = delete;
  ~atomic_file() { discard(); }

  /// Throws `io_error` when the disk refuses.
  void append(void const* bytes, std::size_t count) {
    for (std::size_t done = 0; done < count;) {
      ::ssize_t const put = ::write(descriptor_, static_cast<char const*>(bytes) + done, count - done);
      if (put < 0 && errno == EINTR) continue;
      require<io_error>(put > 0, "write: '", path_, "' at byte ", written_, ": ",
                        errno_text(put < 0 ? errno : EIO));
      done += static_cast<std::size_t>(put);
      written_ += static_cast<std::uint64_t>(put);
    }
  }

  /// Makes the bytes durable and puts them in the target's place. Call once, last.
  void commit() {
    bool const direct = temporary_.empty();
    check(direct || ::fsync(descriptor_) == 0, "flush");
    check(::close(std::exchange(descriptor_, -1)) == 0, "close");
    check(direct || std::rename(temporary_.c_str(), target_.c_str()) == 0, "replace");
    temporary_.clear();
  }

 private:
  void follow_link() {
    char* const resolved = ::realpath(path_.c_str(), nullptr);
    require<io_error>(resolved != nullptr, "write: cannot resolve '", path_, "': ", errno_text(errno));
    target_ = resolved;
    std::free(resolved);
  }

  void open_temporary() {
    // O_EXCL makes the name ours; another writer of the same target takes the next number
    for (int attempt = 0; attempt < 1000; ++attempt) {
      temporary_ = message(target_, ".part-", static_cast<long long>(::getpid()), "-", attempt);
      descriptor_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
      if (descriptor_ >= 0 || errno != EEXIST) break;
    }
    if (descriptor_ >= 0) return;
    int const number = errno;
    temporary_.clear();
    fail<io_error>("write: cannot make a file beside '", path_, "': ", errno_text(number));
  }

  void check(bool ok, char const* what) {
    require<io_error>(ok, "write: cannot ", what, " '", path_, "' after ", written_,
                      " bytes: ", errno_text(errno));
  }

  void discard() noexcept {
    if (descriptor_ >= 0) ::close(descriptor_);
    if (!temporary_.empty()) ::unlink(temporary_.c_str());
    descriptor_ = -1;
    temporary_.clear();
  }

  std::string path_, target_, temporary_;
  std::uint64_t written_ = 0;
  int descriptor_ = -1;
};

/// Replaces a file by these bytes, whole or not at all. Throws `io_error`.
inline void write_file(std::string const& path, void const* bytes, std::size_t count) {
  atomic_file file(path);
  file.append(bytes, count);
  file.commit();
}

inline void write_file(std::string const& path, std::vector<std::uint8_t> const& bytes) {
  write_file(path, bytes.data(), bytes.size());
}

}  // namespace io
}  // namespace v0
}  // namespace fsis
