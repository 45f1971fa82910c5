# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Faultline authors
# Sourced by app/run and tests/run: the Debian 12 packages that Faultline is built from, and how to get them.

build_packages=(
  build-essential ccache cmake ninja-build pkg-config
  libbenchmark-dev libcli11-dev libeigen3-dev libexpected-dev libfmt-dev libhowardhinnant-date-dev libre2-dev libsimdjson-dev libspdlog-dev
  libsqlite3-dev libssl-dev libtbb-dev libyaml-cpp-dev nlohmann-json3-dev libbz2-dev liblzma-dev libzstd-dev zlib1g-dev
  libqt6opengl6-dev qt6-base-dev qt6-charts-dev qt6-svg-dev
  fonts-dejavu-core fonts-inter fonts-jetbrains-mono tzdata
)

# install_packages NAME...: installs those that are missing; asks the network for nothing when all are there.
install_packages() {
  local installed missing as_root=()
  # dpkg-query fails when it has never heard of one of them, which is what is asked here
  installed=$({ dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null || true; } | sed -n 's/^installed //p' | sort -u)
  missing=$(comm -23 <(printf '%s\n' "$@" | sort -u) <(printf '%s\n' "$installed"))
  [ -n "$missing" ] || return 0
  if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
      echo "These packages are missing; install them as root: apt-get install" $missing >&2
      return 1
    fi
    as_root=(sudo)
  fi
  echo "Installing:" $missing >&2
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -q >&2
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $missing >&2
}

# changed_since STAMP: true when the stamp is absent or something that is built is newer. Folders count too, so that a removed
# file is noticed.
changed_since() {
  [ ! -e "$1" ] || [ -n "$(cd "$root" && find CMakeLists.txt CMakePresets.json app bench cmake engine resources ui -newer "$1" -print -quit)" ]
}

# The compiler cache makes a second build of the same text quick, also in another preset.
use_ccache() {
  export CMAKE_C_COMPILER_LAUNCHER=ccache CMAKE_CXX_COMPILER_LAUNCHER=ccache CCACHE_BASEDIR="$root" CCACHE_NOHASHDIR=1
}
