#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "messages/member.hpp"

namespace troupe {

/// The member table as a node knows it: what the coordinator said last. It gets
/// old while there is none.
class member_view {
public:
  /// The whole table, as it comes with a welcome.
  void replace(std::vector<member> table);

  /// Rows that changed; a row takes the place of the one with its name.
  void merge(std::vector<member> rows);

  /// All rows, by name.
  std::vector<member> table() const;

  /// The row of a member with this role, unless it left.
  const member* coordinator() const;

private:
  std::map<std::string, member> rows_;
};

} // namespace troupe
