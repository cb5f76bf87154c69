# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# Shared by scripts/demo and scripts/test; sourced, not run. Sets `root`, the top of the repository.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

say() { printf '\n== %s (after %d:%02d)\n' "$*" $((SECONDS / 60)) $((SECONDS % 60)); }

die() {
  printf '%s: %s\n' "$(basename "$0")" "$*" >&2
  exit 1
}

# need PACKAGE PROBE...: adds the Debian package to `missing` unless one of the probes, a command or a header, is there.
missing=()
need() {
  local package=$1 probe place
  shift
  for probe; do
    case $probe in
      *.h | */*) for place in /usr/include /usr/include/"$(uname -m)"-linux-gnu /usr/local/include; do
                   [ ! -e "$place/$probe" ] || return 0
                 done ;;
      *) ! command -v "$probe" >/dev/null 2>&1 || return 0 ;;
    esac
  done
  missing+=("$package")
}

need_build_tools() {
  need cmake cmake
  need ninja-build ninja
  need g++ g++
  need libeigen3-dev eigen3/Eigen/Core
  need nlohmann-json3-dev nlohmann/json.hpp
  need libpng-dev png.h
  need libjpeg-dev jpeglib.h
  need libcli11-dev CLI/CLI.hpp
}

# Installs what `need` has found missing, by package name. Does nothing when everything is there.
install_missing() {
  [ ${#missing[@]} -gt 0 ] || return 0
  command -v apt-get >/dev/null 2>&1 ||
    die "missing: ${missing[*]} (Debian's package names); this system has no apt-get, install them by hand"
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null 2>&1 ||
      die "missing: ${missing[*]}; neither root nor sudo here, ask for: apt-get install ${missing[*]}"
    as_root=(sudo)
    [ -t 0 ] || as_root=(sudo -n)  # nobody is there to type a password
  fi
  say "installing ${missing[*]}"
  "${as_root[@]}" apt-get update -q
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}"
}

# build_preset PRESET [TARGET...]: configures and builds with as many jobs as there are processors.
build_preset() {
  local preset=$1
  shift
  say "building: preset $preset${*:+, $*}"
  (cd "$root" && cmake --preset "$preset" && cmake --build --preset "$preset" --parallel "$(nproc)" ${1:+--target "$@"})
}
