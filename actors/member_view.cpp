#include "actors/member_view.hpp"

#include <utility>

namespace troupe {

void member_view::replace(std::vector<member> table) {
  rows_.clear();
  merge(std::move(table));
}

void member_view::merge(std::vector<member> rows) {
  for (auto& row : rows) {
    auto name = row.card.key.name;
    rows_.insert_or_assign(std::move(name), std::move(row));
  }
}

std::vector<member> member_view::table() const {
  std::vector<member> result;
  result.reserve(rows_.size());
  for (const auto& [name, row] : rows_)
    result.push_back(row);
  return result;
}

const member* member_view::coordinator() const {
  for (const auto& [name, row] : rows_)
    if (row.card.roles.coordinator && row.state != member_state::left)
      return &row;
  return nullptr;
}

} // namespace troupe
