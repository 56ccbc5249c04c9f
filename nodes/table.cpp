#include "nodes/table.hpp"

#include <algorithm>

#include "nodes/printable.hpp"
#include "nodes/terminal.hpp"

namespace troupe {

void table::add(const std::vector<std::string>& cells, std::string_view sgr) {
  auto& added = rows_.emplace_back();
  added.sgr = sgr;
  auto& row = added.cells;
  widths_.resize(std::max(widths_.size(), cells.size()));
  for (size_t i = 0; i < cells.size(); ++i) {
    row.push_back(printable(cells[i], utf8_));
    // A row's last cell has no neighbour that would have to stand apart.
    if (i + 1 < cells.size())
      widths_[i] = std::max(widths_[i], columns_of(row.back()));
  }
}

std::vector<table::line> table::lines(size_t indent) const {
  std::vector<line> result;
  for (const auto& [row, sgr] : rows_) {
    std::string text(indent, ' ');
    for (size_t i = 0; i < row.size(); ++i) {
      text += row[i];
      if (i + 1 < row.size())
        text.append(widths_[i] - columns_of(row[i]) + 2, ' ');
    }
    // Empty cells at the end would leave blanks.
    text.erase(text.find_last_not_of(' ') + 1);
    result.push_back({std::move(text), sgr});
  }
  return result;
}

std::string table::text(size_t indent) const {
  std::string result;
  for (const auto& x : lines(indent))
    result += colored(x.sgr, x.text, color_) + '\n';
  return result;
}

} // namespace troupe
