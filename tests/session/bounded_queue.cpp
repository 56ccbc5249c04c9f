#define CAF_SUITE bounded_queue

#include "encode/session/bounded_queue.hpp"

#include <future>
#include <thread>

#include <caf/test/unit_test.hpp>

using queue = troupe::session::bounded_queue<int>;

CAF_TEST(items come out in the order in which they went in) {
  queue x{4, 100, 1};
  x.push(1, 10);
  x.push(2, 10);
  CAF_CHECK(x.pop() == 1);
  CAF_CHECK(x.pop() == 2);
}

CAF_TEST(a closed queue gives what it holds and then nothing) {
  queue x{4, 100, 1};
  x.push(1, 10);
  x.close();
  CAF_CHECK(x.pop() == 1);
  CAF_CHECK(!x.pop());
  CAF_CHECK(!x.aborted());
}

CAF_TEST(a full queue makes the producer wait for the consumer) {
  queue x{1, 100, 1};
  x.push(1, 10);
  auto second = std::async(std::launch::async, [&] { return x.push(2, 10); });
  CAF_CHECK(x.pop() == 1);
  CAF_CHECK(second.get());
  CAF_CHECK(x.pop() == 2);
}

CAF_TEST(bytes fill a queue before its count does) {
  queue x{10, 100, 1};
  x.push(1, 150);
  auto second = std::async(std::launch::async, [&] { return x.push(2, 10); });
  CAF_CHECK(x.pop() == 1);
  CAF_CHECK(second.get());
}

CAF_TEST(the least number of items fits however large they are) {
  queue x{10, 100, 2};
  CAF_CHECK(x.push(1, 1000));
  CAF_CHECK(x.push(2, 1000));
}

CAF_TEST(aborting wakes a waiting producer and a waiting consumer) {
  queue full{1, 100, 1};
  full.push(1, 10);
  auto producer =
      std::async(std::launch::async, [&] { return full.push(2, 10); });
  full.abort();
  CAF_CHECK(!producer.get());
  queue empty{1, 100, 1};
  auto consumer = std::async(std::launch::async, [&] { return empty.pop(); });
  empty.abort();
  CAF_CHECK(!consumer.get());
  CAF_CHECK(empty.aborted());
}
