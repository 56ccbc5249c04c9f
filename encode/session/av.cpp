#include "encode/session/av.hpp"

#include <cerrno>
#include <new>

extern "C" {
#include <libavutil/error.h>
#include <libavutil/intreadwrite.h>
#include <libavutil/mathematics.h>
}

namespace troupe::session {

std::string dictionary::leftover() const {
  auto entry = av_dict_get(raw_, "", nullptr, AV_DICT_IGNORE_SUFFIX);
  return entry ? entry->key : "";
}

packet_ptr make_packet() {
  packet_ptr result{av_packet_alloc()};
  if (!result)
    throw std::bad_alloc{};
  return result;
}

frame_ptr make_frame() {
  frame_ptr result{av_frame_alloc()};
  if (!result)
    throw std::bad_alloc{};
  return result;
}

std::string av_words(int code) {
  char buffer[AV_ERROR_MAX_STRING_SIZE] = {};
  av_strerror(code, buffer, sizeof(buffer));
  return buffer;
}

failure av_failure(int code, const char* call, const std::string& subject,
                   ec otherwise) {
  failure result{otherwise, subject, std::string{call} + ": " + av_words(code),
                 ""};
  switch (code) {
    case AVERROR(ENOMEM):
      result.code = ec::memory_limit;
      result.advice = "give the session more memory (--memory)";
      break;
    case AVERROR(ENOSPC):
    case AVERROR(EDQUOT):
      result.code = ec::disk_full;
      result.advice = "free space on the output's disk";
      break;
    case AVERROR(EFBIG):
      result.code = ec::disk_full;
      result.advice = "the output is over its size limit (--max-file-size)";
      break;
    case AVERROR(EIO):
      result.code = ec::io_error;
      result.advice = "check the disk";
      break;
    default:
      break;
  }
  return result;
}

rational from_av(AVRational x) {
  return {x.num, x.den == 0 ? 1 : x.den};
}

AVRational to_av(rational x) {
  return {x.num, x.den};
}

std::vector<tag> from_av(const AVDictionary* tags) {
  std::vector<tag> result;
  const AVDictionaryEntry* entry = nullptr;
  while ((entry = av_dict_get(tags, "", entry, AV_DICT_IGNORE_SUFFIX)))
    result.push_back({entry->key, entry->value});
  return result;
}

double seconds(int64_t timestamp, AVRational time_base) {
  return timestamp == AV_NOPTS_VALUE
             ? 0.0
             : static_cast<double>(timestamp) * av_q2d(time_base);
}

std::pair<uint32_t, uint32_t> skipped_samples(const AVPacket& packet) {
  size_t size = 0;
  auto data = av_packet_get_side_data(&packet, AV_PKT_DATA_SKIP_SAMPLES, &size);
  if (!data || size < 8)
    return {0, 0};
  return {AV_RL32(data), AV_RL32(data + 4)};
}

} // namespace troupe::session
