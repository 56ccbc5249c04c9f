# Flags in one place: every target of ours links troupe_options.
add_library(troupe_options INTERFACE)
target_compile_features(troupe_options INTERFACE cxx_std_20)
target_include_directories(troupe_options INTERFACE "${PROJECT_SOURCE_DIR}")
# -Wno-maybe-uninitialized: g++ 12 sees ghosts in CAF's variants of enums.
# -Wno-restrict: g++ 12 sees them in std::string's operator+ (GCC PR105651).
target_compile_options(troupe_options INTERFACE
  -Wall -Wextra -Wshadow -Wno-maybe-uninitialized -Wno-restrict)
if(TROUPE_WERROR)
  target_compile_options(troupe_options INTERFACE -Werror)
endif()
# Only what is used is loaded: a session must not pay for CAF at its start.
target_link_options(troupe_options INTERFACE -Wl,--as-needed)
if(TROUPE_SANITIZE)
  # CAF 0.17's own headers bind references to null, and cast across typeinfo
  # that its library doesn't export.
  target_compile_options(troupe_options INTERFACE
    -fsanitize=${TROUPE_SANITIZE} -fno-sanitize=vptr,null
    -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(troupe_options INTERFACE -fsanitize=${TROUPE_SANITIZE})
endif()
