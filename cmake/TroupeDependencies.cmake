# Everything comes from Debian's own packages; tools/setup installs them.
set(_hint "run tools/setup to install what is missing")

find_package(CAF 0.17.6 COMPONENTS core io openssl)
find_package(nlohmann_json QUIET)
find_package(spdlog QUIET)
find_package(CLI11 QUIET)
find_package(OpenSSL QUIET)
find_package(PkgConfig QUIET)
if(PKG_CONFIG_FOUND)
  pkg_check_modules(libav QUIET IMPORTED_TARGET
    "libavformat>=59" "libavcodec>=59" "libavfilter>=8" "libavutil>=57"
    "libswscale>=6" "libswresample>=4")
  pkg_check_modules(seccomp QUIET IMPORTED_TARGET "libseccomp>=2.5")
  pkg_check_modules(tomlplusplus QUIET IMPORTED_TARGET "tomlplusplus>=3.0")
  pkg_check_modules(edit QUIET IMPORTED_TARGET "libedit>=3.1")
  pkg_check_modules(sqlite3 QUIET IMPORTED_TARGET "sqlite3>=3.38")
endif()

set(_missing "")
foreach(_pair "CAF_FOUND=libcaf-dev" "nlohmann_json_FOUND=nlohmann-json3-dev"
        "spdlog_FOUND=libspdlog-dev" "CLI11_FOUND=libcli11-dev"
        "OPENSSL_FOUND=libssl-dev" "PKG_CONFIG_FOUND=pkg-config"
        "libav_FOUND=libavformat-dev libavcodec-dev libavfilter-dev libswscale-dev"
        "seccomp_FOUND=libseccomp-dev" "tomlplusplus_FOUND=libtomlplusplus-dev"
        "sqlite3_FOUND=libsqlite3-dev"
        "edit_FOUND=libedit-dev")
  string(REPLACE "=" ";" _pair "${_pair}")
  list(GET _pair 0 _found)
  list(GET _pair 1 _package)
  if(NOT ${_found})
    string(APPEND _missing "\n  ${_package}")
  endif()
endforeach()
if(_missing)
  message(FATAL_ERROR "troupe needs these packages:${_missing}\n${_hint}.")
endif()
