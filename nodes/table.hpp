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
  explicit table(bool utf8, bool color = false) : utf8_(utf8), color_(color) {}

  /// Adds a row; rows may differ in length.
  /// @param sgr the row's colour where there are any, as in ESC [ sgr m; ""
  ///        means none
  void add(const std::vector<std::string>& cells, std::string_view sgr = "");

  /// A row without its colour.
  struct line {
    std::string text;
    std::string sgr;
  };

  /// The rows, as `text` has them.
  std::vector<line> lines(size_t indent = 0) const;

  /// All rows, two blanks between columns, a line end behind each.
  /// @param indent blanks before every row
  std::string text(size_t indent = 0) const;

private:
  struct entry {
    std::vector<std::string> cells;
    std::string sgr;
  };

  bool utf8_;
  bool color_;
  std::vector<entry> rows_;
  std::vector<size_t> widths_;
};

} // namespace troupe
