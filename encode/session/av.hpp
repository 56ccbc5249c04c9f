#pragma once

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavcodec/bsf.h>
#include <libavfilter/avfilter.h>
#include <libavformat/avformat.h>
#include <libavutil/audio_fifo.h>
#include <libavutil/avutil.h>
#include <libavutil/dict.h>
#include <libavutil/frame.h>
}

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "messages/failure.hpp"
#include "messages/media.hpp"
#include "messages/plan.hpp"

/// Owning handles for libav's objects and the few conversions between its types
/// and ours. Nothing of this header leaves encode/session/.
namespace troupe::session {

/// Adapts libav's `void free(T**)` functions to unique_ptr.
template <auto Free>
struct av_deleter {
  template <class T>
  void operator()(T* x) const noexcept {
    Free(&x);
  }
};

using packet_ptr = std::unique_ptr<AVPacket, av_deleter<av_packet_free>>;
using frame_ptr = std::unique_ptr<AVFrame, av_deleter<av_frame_free>>;
using codec_ptr =
    std::unique_ptr<AVCodecContext, av_deleter<avcodec_free_context>>;
using graph_ptr =
    std::unique_ptr<AVFilterGraph, av_deleter<avfilter_graph_free>>;
using input_ptr =
    std::unique_ptr<AVFormatContext, av_deleter<avformat_close_input>>;

struct format_deleter {
  void operator()(AVFormatContext* x) const noexcept {
    avformat_free_context(x);
  }
};
using output_ptr = std::unique_ptr<AVFormatContext, format_deleter>;

struct fifo_deleter {
  void operator()(AVAudioFifo* x) const noexcept { av_audio_fifo_free(x); }
};
using fifo_ptr = std::unique_ptr<AVAudioFifo, fifo_deleter>;

/// An AVDictionary that frees what libav left in it.
class dictionary {
public:
  dictionary() = default;
  dictionary(const dictionary&) = delete;
  dictionary& operator=(const dictionary&) = delete;
  ~dictionary() { av_dict_free(&raw_); }

  void set(const char* key, const std::string& value) {
    av_dict_set(&raw_, key, value.c_str(), 0);
  }

  /// The first key that is left, "" when all were consumed.
  std::string leftover() const;

  AVDictionary** out() { return &raw_; }

private:
  AVDictionary* raw_ = nullptr;
};

/// New handles; memory that can't be had throws std::bad_alloc, which main
/// reports as memory_limit.
packet_ptr make_packet();
frame_ptr make_frame();

/// libav's words for a return code.
std::string av_words(int code);

/// A failure out of libav's return code. ENOMEM, ENOSPC, EFBIG and EIO have
/// codes of their own; everything else is `otherwise`.
/// @param call the function of libav that failed
failure av_failure(int code, const char* call, const std::string& subject,
                   ec otherwise);

/// Our fraction and libav's.
rational from_av(AVRational x);
AVRational to_av(rational x);

/// A stream's or file's metadata as a list, in libav's order.
std::vector<tag> from_av(const AVDictionary* tags);

/// Seconds of a timestamp; 0 for none.
double seconds(int64_t timestamp, AVRational time_base);

/// Samples that a decoder leaves out at a packet's start and end.
std::pair<uint32_t, uint32_t> skipped_samples(const AVPacket& packet);

} // namespace troupe::session
