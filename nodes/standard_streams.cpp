#include "nodes/standard_streams.hpp"

#include <cerrno>
#include <cstring>
#include <string>

#include <fcntl.h>
#include <unistd.h>

namespace troupe {

void occupy_standard_streams() {
  for (int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (fcntl(descriptor, F_GETFD) != -1 || errno != EBADF)
      continue;
    // Opened the wrong way round: reading 0 and writing 1 still fail. What
    // goes to 2 has no other place to be complained about.
    auto mode = descriptor == STDOUT_FILENO ? O_RDONLY : O_WRONLY;
    // The lowest free descriptor is this one: those below are taken.
    if (open("/dev/null", mode) == -1)
      return;
  }
}

outcome<void> write_stdout(std::string_view data) {
  while (!data.empty()) {
    auto written = write(STDOUT_FILENO, data.data(), data.size());
    if (written < 0 && errno == EINTR)
      continue;
    if (written < 0)
      return failure{ec::io_error, "standard output",
                     std::string{"cannot write: "} + std::strerror(errno),
                     "check where it leads"};
    data.remove_prefix(static_cast<size_t>(written));
  }
  return {};
}

} // namespace troupe
