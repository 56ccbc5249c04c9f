#include "nodes/table.hpp"

#include <algorithm>

#include "nodes/printable.hpp"

namespace troupe {

void table::add(const std::vector<std::string>& cells) {
  auto& row = rows_.emplace_back();
  widths_.resize(std::max(widths_.size(), cells.size()));
  for (size_t i = 0; i < cells.size(); ++i) {
    row.push_back(printable(cells[i], utf8_));
    // A row's last cell has no neighbour that would have to stand apart.
    if (i + 1 < cells.size())
      widths_[i] = std::max(widths_[i], columns_of(row.back()));
  }
}

std::string table::text(size_t indent) const {
  std::string result;
  for (const auto& row : rows_) {
    std::string line(indent, ' ');
    for (size_t i = 0; i < row.size(); ++i) {
      line += row[i];
      if (i + 1 < row.size())
        line.append(widths_[i] - columns_of(row[i]) + 2, ' ');
    }
    // Empty cells at the end would leave blanks.
    line.erase(line.find_last_not_of(' ') + 1);
    result += line + '\n';
  }
  return result;
}

} // namespace troupe
