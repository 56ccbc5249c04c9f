#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace troupe {

/// Text in columns for people, as wide as their widest cell. Cells are made
/// printable on the way in. The last column is never padded, so it may hold
/// free text.
class table {
public:
  explicit table(bool utf8) : utf8_(utf8) {}

  /// Adds a row; rows may differ in length.
  void add(const std::vector<std::string>& cells);

  /// All rows, two blanks between columns, a line end behind each.
  /// @param indent blanks before every row
  std::string text(size_t indent = 0) const;

private:
  bool utf8_;
  std::vector<std::vector<std::string>> rows_;
  std::vector<size_t> widths_;
};

} // namespace troupe
