#define CAF_SUITE interleaver

#include "encode/session/interleaver.hpp"

#include <string>

#include <caf/test/unit_test.hpp>

using order = troupe::session::interleaver<char>;

namespace {

constexpr size_t plenty = 1000;

/// All packets that are certain, as "stream packet" pairs.
std::string ready(order& x) {
  std::string result;
  while (auto next = x.pop())
    result += std::to_string(next->first) + next->second + ' ';
  return result;
}

} // namespace

CAF_TEST(packets wait until no stream can bring an earlier one) {
  order x{2, plenty};
  x.push(0, 10, 'a', 1);
  CAF_CHECK_EQUAL(ready(x), "");
  x.push(1, 20, 'b', 1);
  CAF_CHECK_EQUAL(ready(x), "0a ");
  x.push(0, 30, 'c', 1);
  CAF_CHECK_EQUAL(ready(x), "1b ");
}

CAF_TEST(the order does not depend on which stream runs ahead) {
  order early{2, plenty};
  order late{2, plenty};
  for (auto i : {0, 1, 2})
    early.push(0, 10 * i, static_cast<char>('a' + i), 1);
  for (auto i : {0, 1, 2})
    early.push(1, 10 * i + 5, static_cast<char>('x' + i), 1);
  std::string other;
  for (auto i : {0, 1, 2}) {
    late.push(1, 10 * i + 5, static_cast<char>('x' + i), 1);
    other += ready(late);
    late.push(0, 10 * i, static_cast<char>('a' + i), 1);
    other += ready(late);
  }
  for (auto stream : {0u, 1u}) {
    early.finish(stream);
    late.finish(stream);
  }
  CAF_CHECK_EQUAL(ready(early), other + ready(late));
}

CAF_TEST(at the same time the lower stream goes first) {
  order x{2, plenty};
  x.push(1, 10, 'b', 1);
  CAF_CHECK_EQUAL(ready(x), "");
  x.push(0, 10, 'a', 1);
  x.finish(0);
  x.finish(1);
  CAF_CHECK_EQUAL(ready(x), "0a 1b ");
}

CAF_TEST(a quiet stream lets the others pass once it says how far it is) {
  order x{2, plenty};
  x.push(0, 10, 'a', 1);
  x.advance(1, 9);
  CAF_CHECK_EQUAL(ready(x), "");
  x.advance(1, 11);
  CAF_CHECK_EQUAL(ready(x), "0a ");
}

CAF_TEST(a packet behind what its stream announced counts as announced) {
  order x{2, plenty};
  x.advance(1, 100);
  x.push(1, 50, 'b', 1);
  x.push(0, 70, 'a', 1);
  x.finish(0);
  CAF_CHECK_EQUAL(ready(x), "0a 1b ");
}

CAF_TEST(a finished stream holds nobody up) {
  order x{2, plenty};
  x.push(0, 10, 'a', 1);
  x.finish(1);
  CAF_CHECK_EQUAL(ready(x), "0a ");
}

CAF_TEST(order gives way before memory does) {
  order x{2, 10};
  x.push(0, 10, 'a', 6);
  x.push(0, 20, 'b', 6);
  CAF_CHECK_EQUAL(ready(x), "0a ");
}
