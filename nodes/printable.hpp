#pragma once

#include <string>
#include <string_view>

namespace troupe {

/// What a terminal can safely be sent of `text`, which may be a file name, a
/// tag or an error about them, and hold any bytes. Control characters, which a
/// terminal would obey, and bytes that are no UTF-8 are shown as \xNN; the
/// marks that turn the direction of writing as \u{NNNN}.
/// @param utf8 false where the terminal takes ASCII only: everything else is
///        shown as \xNN
std::string printable(std::string_view text, bool utf8 = true);

/// The columns that printable text takes on a terminal: two for a wide
/// character, such as those of East Asia and most pictures, none for one that
/// joins the one before it, else one. The process's locale doesn't matter.
size_t columns_of(std::string_view printable_text);

/// As much of printable text as fits into so many columns.
std::string_view first_columns(std::string_view printable_text, size_t columns);

/// The text, made printable, in at most so many columns: where it is longer,
/// its beginning and "…" ("..." where the terminal takes ASCII only).
std::string shortened(std::string_view text, size_t columns, bool utf8);

} // namespace troupe
