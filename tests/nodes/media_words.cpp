#define CAF_SUITE media_words

#include "nodes/media_words.hpp"

#include <limits>

#include <caf/test/unit_test.hpp>

using namespace troupe;

CAF_TEST(aspects are fractions of the stored size) {
  stream_info x;
  x.width = 720;
  x.height = 576;
  CAF_CHECK_EQUAL(sample_aspect_words(x), "");
  CAF_CHECK_EQUAL(display_aspect_words(x), "");
  x.sample_aspect = {64, 45};
  CAF_CHECK_EQUAL(sample_aspect_words(x), "64:45");
  CAF_CHECK_EQUAL(display_aspect_words(x), "16:9");
  x.height = 0;
  CAF_CHECK_EQUAL(display_aspect_words(x), "");
}

CAF_TEST(all eight orientations have words) {
  CAF_CHECK_EQUAL(orientation_words(orientation::upright), "");
  CAF_CHECK_EQUAL(orientation_words(orientation::rotate_270),
                  "turned by 270 degrees");
  CAF_CHECK_EQUAL(orientation_words(orientation::mirror), "mirrored");
  CAF_CHECK_EQUAL(orientation_words(orientation::mirror_rotate_90),
                  "mirrored, then turned by 90 degrees");
  CAF_CHECK_EQUAL(orientation_words(orientation::other),
                  "turned in a way of its own");
}

CAF_TEST(mastering displays read like the numbers of x265) {
  hdr_metadata hdr;
  CAF_CHECK_EQUAL(mastering_words(hdr), "");
  hdr.has_mastering = true;
  hdr.primaries = {0.68, 0.32, 0.265, 0.69, 0.15, 0.06, 0.3127, 0.329};
  hdr.min_luminance = 0.005;
  hdr.max_luminance = 1000;
  CAF_CHECK_EQUAL(
      mastering_words(hdr),
      "G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,50)");
  hdr.max_luminance = std::numeric_limits<double>::infinity();
  CAF_CHECK(mastering_words(hdr).ends_with("L(0,50)"));
  hdr.primaries.pop_back();
  CAF_CHECK_EQUAL(mastering_words(hdr), "");
}

CAF_TEST(field orders are told in words) {
  CAF_CHECK_EQUAL(field_order_words("tff"), "interlaced, top field first");
  CAF_CHECK_EQUAL(field_order_words("bff"), "interlaced, bottom field first");
  CAF_CHECK_EQUAL(field_order_words("progressive"), "progressive");
}
