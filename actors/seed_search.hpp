#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "messages/failure.hpp"

namespace troupe {

/// Where a node can be dialled.
struct seed {
  std::string host;
  uint16_t port = 0;

  friend auto operator<=>(const seed&, const seed&) = default;
};

/// "HOST:PORT", "[IPV6]:PORT".
std::string to_string(const seed& x);

/// Reads what `to_string` writes; port 0 when it is anything else.
seed seed_from_string(const std::string& text);

/// The way from seeds to the coordinator: any of them may know another node
/// that knows it. Nobody is asked twice. No actor, no clock, no network.
class seed_search {
public:
  /// How often one node may lead on to another.
  static constexpr uint32_t max_hops = 2;

  seed_search() = default;

  explicit seed_search(const std::vector<seed>& seeds);

  /// Who is to be asked first: the seeds, each once.
  std::vector<seed> first() const;

  /// `from` says that the coordinator is at `next`.
  /// @returns whether `next` is to be asked now
  bool led_to(const seed& from, const seed& next);

  /// Nothing came of asking `at`.
  void failed(const seed& at, failure why);

  /// Nobody is being asked any more.
  bool exhausted() const;

  /// Why nothing was found, with the reason of everybody who was asked:
  /// protocol_mismatch when that was one, else no_cluster.
  failure verdict() const;

private:
  struct visit {
    uint32_t hops = 0; ///< from a seed
    bool open = true;  ///< no answer yet
  };

  std::map<seed, visit> visits_;
  /// By seed, so that the same verdict always reads the same.
  std::map<seed, failure> reasons_;
};

} // namespace troupe
