#include "nodes/line_editor.hpp"

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cwchar>
#include <filesystem>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "nodes/printable.hpp"
#include "nodes/words.hpp"

namespace troupe {

namespace {

constexpr int history_size = 1000;
constexpr size_t most_notices = 16;
constexpr size_t most_shown = 100; // candidates

line_editor* owner(EditLine* editor) {
  void* result = nullptr;
  el_get(editor, EL_CLIENTDATA, &result);
  return static_cast<line_editor*>(result);
}

/// Written past libedit, which is told to draw its line again.
void write_out(const std::string& text) {
  std::fputs(text.c_str(), stdout);
  std::fflush(stdout);
}

/// Kept from others before anything is in it.
void make_private(const std::string& file) {
  std::error_code
      ignored; // then there is no history, which is no reason to stop
  auto folder = std::filesystem::path{file}.parent_path();
  std::filesystem::create_directories(folder, ignored);
  chmod(folder.c_str(), S_IRWXU);
  auto descriptor =
      open(file.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (descriptor == -1)
    return;
  fchmod(descriptor, S_IRUSR | S_IWUSR);
  close(descriptor);
}

/// One character of the terminal, of however many bytes. @returns 1, or 0 at
/// the end
int read_character(wchar_t* to) {
  std::mbstate_t state{};
  char byte = 0;
  while (read(STDIN_FILENO, &byte, 1) == 1) {
    switch (std::mbrtowc(to, &byte, 1, &state)) {
      case static_cast<size_t>(-2):
        continue; // more of it is to come
      case static_cast<size_t>(-1):
        state = {}; // no character: as if it weren't there
        continue;
      default:
        return 1;
    }
  }
  return 0;
}

} // namespace

std::string history_path(const char* xdg_state_home, const char* home) {
  auto is_absolute = [](const char* path) {
    return path != nullptr && *path == '/';
  };
  if (is_absolute(xdg_state_home))
    return std::string{xdg_state_home} + "/troupe/history";
  if (is_absolute(home))
    return std::string{home} + "/.local/state/troupe/history";
  return "";
}

line_editor::line_editor(const interrupts& signals, line_editor_hooks hooks,
                         std::string history_file)
    : hooks_(std::move(hooks)), history_file_(std::move(history_file)),
      notice_descriptor_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  auto wanted = signals.signals();
  sigaddset(&wanted, SIGWINCH);
  signal_descriptor_ = signalfd(-1, &wanted, SFD_CLOEXEC | SFD_NONBLOCK);
  editor_ = el_init("troupe", stdin, stdout, stderr);
  history_ = history_init();
  HistEvent event{};
  history(history_, &event, H_SETSIZE, history_size);
  history(history_, &event, H_SETUNIQUE, 1);
  if (!history_file_.empty()) {
    make_private(history_file_);
    history(history_, &event, H_LOAD, history_file_.c_str());
  }
  el_set(editor_, EL_CLIENTDATA, this);
  el_set(editor_, EL_SIGNAL, 0);
  el_set(editor_, EL_EDITOR, "emacs");
  el_set(editor_, EL_HIST, history, history_);
  el_set(editor_, EL_PROMPT, &line_editor::prompt);
  el_set(editor_, EL_GETCFN, &line_editor::get_character);
  el_set(editor_, EL_ADDFN, "troupe-complete", "Completes a word",
         &line_editor::complete_word);
  el_set(editor_, EL_BIND, "^I", "troupe-complete", nullptr);
  el_set(editor_, EL_BIND, "^R", "em-inc-search-prev", nullptr);
}

line_editor::~line_editor() {
  el_end(editor_);
  history_end(history_);
  for (int descriptor : {signal_descriptor_, notice_descriptor_})
    if (descriptor != -1)
      close(descriptor);
}

char* line_editor::prompt(EditLine* editor) {
  auto* self = owner(editor);
  self->prompt_ = self->hooks_.prompt();
  return self->prompt_.data();
}

void line_editor::notify(std::string text) {
  std::lock_guard guard{mutex_};
  if (notices_.size() == most_notices)
    notices_.pop_front();
  notices_.push_back(std::move(text));
  uint64_t one = 1;
  // Can't fail: the counter is far from full.
  [[maybe_unused]] auto written = write(notice_descriptor_, &one, sizeof(one));
}

void line_editor::show_notices() {
  uint64_t count = 0;
  [[maybe_unused]] auto taken =
      ::read(notice_descriptor_, &count, sizeof(count));
  std::deque<std::string> notices;
  {
    std::lock_guard guard{mutex_};
    notices.swap(notices_);
  }
  if (notices.empty())
    return;
  std::string text = "\r\x1b[J";
  for (const auto& x : notices)
    text += printable(x) + "\r\n";
  write_out(text);
  el_set(editor_, EL_REFRESH);
}

void line_editor::handle_signal() {
  signalfd_siginfo info{};
  if (::read(signal_descriptor_, &info, sizeof(info))
      != static_cast<ssize_t>(sizeof(info)))
    return;
  switch (info.ssi_signo) {
    case SIGWINCH:
      el_resize(editor_);
      return;
    case SIGINT:
      ending_ = ending::dropped;
      return;
    default:
      ending_ = ending::leave;
  }
}

/// Waits for a key and serves whatever else happens meanwhile.
/// @returns false when the line is over
bool line_editor::wait_for_key() {
  std::array<pollfd, 3> watched{pollfd{STDIN_FILENO, POLLIN, 0},
                                pollfd{signal_descriptor_, POLLIN, 0},
                                pollfd{notice_descriptor_, POLLIN, 0}};
  while (ending_ == ending::line) {
    if (poll(watched.data(), watched.size(), -1) < 0) {
      if (errno == EINTR)
        continue;
      return false;
    }
    if (watched[1].revents != 0)
      handle_signal();
    else if (watched[2].revents != 0)
      show_notices();
    else if (watched[0].revents != 0)
      return true;
  }
  return false;
}

int line_editor::get_character(EditLine* editor, wchar_t* to) {
  return owner(editor)->wait_for_key() ? read_character(to) : 0;
}

unsigned char line_editor::offer(const completions& found) {
  if (found.candidates.empty())
    return CC_REFRESH_BEEP;
  auto common = common_beginning(found.candidates);
  if (common.size() > found.word.size()) {
    auto more = common.substr(found.word.size());
    auto whole = found.candidates.size() == 1 && !common.ends_with('/');
    // What was typed stays as it is, quotes and all; only what is put behind
    // it is ours.
    auto text = as_word(more) + (whole ? " " : "");
    return el_insertstr(editor_, text.c_str()) == 0 ? CC_REFRESH : CC_ERROR;
  }
  if (found.candidates.size() == 1) {
    el_insertstr(editor_, " ");
    return CC_REFRESH;
  }
  std::string text = "\r\n";
  size_t shown = 0;
  for (const auto& x : found.candidates) {
    if (shown++ == most_shown) {
      text += "...";
      break;
    }
    text += printable(x) + "  ";
  }
  write_out(text + "\r\n");
  return CC_REDISPLAY;
}

unsigned char line_editor::complete_word(EditLine* editor, int) {
  auto* self = owner(editor);
  auto* line = el_line(editor);
  auto size = static_cast<size_t>(line->cursor - line->buffer);
  return self->offer(self->hooks_.complete({line->buffer, size}));
}

void line_editor::remember(const std::string& line) {
  if (line.find_first_not_of(" \t") == std::string::npos)
    return;
  HistEvent event{};
  history(history_, &event, H_ENTER, line.c_str());
  // At once, so that a shell that is killed keeps its history.
  if (!history_file_.empty())
    history(history_, &event, H_SAVE, history_file_.c_str());
}

line_editor::ending line_editor::read(std::string& line) {
  ending_ = ending::line;
  show_notices();
  int count = 0;
  auto* typed = el_gets(editor_, &count);
  if (typed == nullptr || count <= 0) {
    auto dropped = ending_ == ending::dropped;
    write_out(dropped ? "^C\r\n" : "\r\n");
    return dropped ? ending::dropped : ending::leave;
  }
  line.assign(typed, static_cast<size_t>(count));
  while (!line.empty() && (line.back() == '\n' || line.back() == '\r'))
    line.pop_back();
  remember(line);
  return ending::line;
}

} // namespace troupe
