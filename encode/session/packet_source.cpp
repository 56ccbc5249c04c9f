#include "encode/session/packet_source.hpp"

#include <sys/stat.h>

namespace troupe::session {

namespace {

/// Formats that describe themselves in one file. Playlists and everything that
/// names other files (hls, dash, concat, image2, rtsp, sdp, lavfi, ...) are not
/// here: a session could not open them, and must not try.
constexpr const char* format_whitelist =
    "aac,ac3,aea,aiff,amr,amrnb,amrwb,ape,apng,asf,asf_o,ass,ast,au,av1,avi,"
    "avs2,avs3,bmp_pipe,caf,cavsvideo,dirac,dnxhd,dpx_pipe,dsf,dts,dtshd,dv,"
    "eac3,exr_pipe,flac,flv,g722,gif,gif_pipe,gxf,h261,h263,h264,hevc,ivf,"
    "j2k_pipe,jpeg_pipe,jpegls_pipe,jpegxl_pipe,latm,live_flv,loas,m4v,"
    "matroska,webm,mjpeg,mlp,mov,mp3,mpc,mpc8,mpeg,mpegts,mpegvideo,mxf,nsv,"
    "nut,nuv,obu,ogg,oma,pam_pipe,pbm_pipe,pcx_pipe,pgm_pipe,png_pipe,ppm_pipe,"
    "psd_pipe,pva,rm,roq,sox,spdif,srt,swf,tak,tiff_pipe,truehd,tta,ty,vc1,"
    "vc1test,voc,w64,wav,webp_pipe,webvtt,wsd,wtv,wv,xmv,xwma,yuv4mpegpipe";

/// Packets kept while looking ahead: enough to see a frame rate.
constexpr size_t most_kept = 300;
constexpr size_t most_kept_bytes = size_t{32} << 20;

int refuse_open(AVFormatContext*, AVIOContext**, const char*, int,
                AVDictionary**) {
  return AVERROR(EPERM);
}

/// Options for the decoders that libav opens while it looks at the streams.
class probing_options {
public:
  probing_options(const AVFormatContext& format, const session_limits& limits)
      : each_(format.nb_streams) {
    for (auto& options : each_) {
      // A header may claim 16000 x 16000; libav would allocate it to look.
      options.set("max_pixels", std::to_string(limits.max_pixels));
      options.set("threads", "1");
      raw_.push_back(*options.out());
    }
  }

  ~probing_options() {
    // libav consumes entries, and may replace the dictionary.
    for (size_t i = 0; i < each_.size(); ++i)
      *each_[i].out() = raw_[i];
  }

  AVDictionary** out() { return raw_.empty() ? nullptr : raw_.data(); }

private:
  std::vector<dictionary> each_;
  std::vector<AVDictionary*> raw_;
};

} // namespace

outcome<std::unique_ptr<packet_source>>
packet_source::open(descriptor input, const session_limits& limits,
                    std::atomic<uint64_t>& bytes_read, depth how) {
  std::unique_ptr<packet_source> result{new packet_source};
  struct stat status {};
  if (::fstat(input.get(), &status) == 0)
    result->size_bytes_ = static_cast<uint64_t>(status.st_size);
  result->input_ = std::move(input);
  result->io_ = std::make_unique<descriptor_io>(
      result->input_.get(), descriptor_io::mode::read, bytes_read);
  auto raw = avformat_alloc_context();
  if (!raw)
    throw std::bad_alloc{};
  raw->pb = result->io_->context();
  raw->io_open = refuse_open;
  raw->flags |= AVFMT_FLAG_CUSTOM_IO;
  dictionary options;
  options.set("format_whitelist", format_whitelist);
  // libav frees the context itself when opening fails.
  if (auto rc = avformat_open_input(&raw, nullptr, nullptr, options.out());
      rc < 0) {
    auto error = av_failure(rc, "avformat_open_input", "", ec::bad_input);
    if (error.code == ec::bad_input) {
      if (result->size_bytes_ == 0)
        error.cause = "the file is empty";
      error.advice = "check that it is a media file and complete";
    }
    return error;
  }
  result->format_.reset(raw);
  if (how == depth::header && !(raw->ctx_flags & AVFMTCTX_NOHEADER))
    return result;
  probing_options each{*raw, limits};
  if (auto rc = avformat_find_stream_info(raw, each.out()); rc < 0)
    return av_failure(rc, "avformat_find_stream_info", "", ec::bad_input);
  return result;
}

int64_t packet_source::start_us() const {
  return format_->start_time == AV_NOPTS_VALUE ? 0 : format_->start_time;
}

const AVPacket* packet_source::look_ahead() {
  if (kept_.size() >= most_kept || kept_bytes_ >= most_kept_bytes)
    return nullptr;
  auto packet = make_packet();
  if (av_read_frame(format_.get(), packet.get()) < 0)
    return nullptr;
  kept_bytes_ += static_cast<size_t>(packet->size);
  kept_.push_back(std::move(packet));
  return kept_.back().get();
}

int packet_source::read(AVPacket& packet) {
  if (kept_.empty())
    return av_read_frame(format_.get(), &packet);
  av_packet_move_ref(&packet, kept_.front().get());
  kept_.pop_front();
  return 0;
}

} // namespace troupe::session
