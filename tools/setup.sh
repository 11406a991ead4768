#!/bin/sh
# Make .venv ready, and the system libraries Qt needs; does nothing when there is nothing to do. --window: ask for a display first.
set -eu
cd "$(dirname "$0")/.."

# library that must load -> Debian package that brings it
QT_LIBRARIES="
libEGL.so.1:libegl1 libGL.so.1:libgl1 libglib-2.0.so.0:libglib2.0-0 libfontconfig.so.1:libfontconfig1
libfreetype.so.6:libfreetype6 libdbus-1.so.3:libdbus-1-3 libX11.so.6:libx11-6 libX11-xcb.so.1:libx11-xcb1
libxkbcommon.so.0:libxkbcommon0 libxkbcommon-x11.so.0:libxkbcommon-x11-0 libxcb.so.1:libxcb1
libxcb-cursor.so.0:libxcb-cursor0 libxcb-icccm.so.4:libxcb-icccm4 libxcb-image.so.0:libxcb-image0
libxcb-keysyms.so.1:libxcb-keysyms1 libxcb-randr.so.0:libxcb-randr0 libxcb-render.so.0:libxcb-render0
libxcb-render-util.so.0:libxcb-render-util0 libxcb-shape.so.0:libxcb-shape0 libxcb-shm.so.0:libxcb-shm0
libxcb-sync.so.1:libxcb-sync1 libxcb-util.so.1:libxcb-util1 libxcb-xfixes.so.0:libxcb-xfixes0
libxcb-xkb.so.1:libxcb-xkb1 libwayland-client.so.0:libwayland-client0 libwayland-cursor.so.0:libwayland-cursor0"

say() { printf '%s\n' "$*" >&2; }

fail() {
    say "$*"
    exit 1
}

on_linux() { [ "$(uname -s)" = Linux ]; }

require_display() {
    on_linux || return 0
    [ -z "${DISPLAY:-}${WAYLAND_DISPLAY:-}${QT_QPA_PLATFORM:-}" ] || return 0
    fail 'There is no display for a window here; the same operations work without one through the command "sni" (after "make setup": .venv/bin/sni --help).'
}

run_apt() { # arguments of apt-get, as root or through sudo without a password; fails when neither is ours
    if [ "$(id -u)" = 0 ]; then
        DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=120 "$@" >/dev/null
    else
        sudo -n env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=120 "$@" >/dev/null
    fi
}

may_apt() {
    command -v apt-get >/dev/null 2>&1 || return 1
    [ "$(id -u)" = 0 ] || { command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; }
}

install_packages() { # why, packages...
    why=$1
    shift
    may_apt || fail "Please install these system packages ($why), then try again: $*"
    say "Installing $* ($why)."
    run_apt update || true # an old list may still do
    run_apt install -y --no-install-recommends "$@" || fail "These system packages could not be installed ($why): $*"
}

find_python() { # the best Python here; prints nothing when there is none
    for name in ${PYTHON:-} python3.11 python3.12 python3.13 python3; do
        if command -v "$name" >/dev/null 2>&1 && "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            printf '%s' "$name"
            return
        fi
    done
}

require_python() {
    [ -z "$(find_python)" ] || return 0
    install_packages "Python 3.11 or newer is needed" python3 python3-venv
    [ -n "$(find_python)" ] || fail "Python 3.11 or newer is needed; the one here is older."
}

missing_qt_packages() {
    # shellcheck disable=SC2086
    "$(find_python)" - $QT_LIBRARIES <<'PYTHON'
import ctypes, sys

for pair in sys.argv[1:]:
    library, package = pair.split(":")
    try:
        ctypes.CDLL(library)
    except OSError:
        print(package)
PYTHON
}

require_qt_libraries() {
    on_linux || return 0
    packages=$(missing_qt_packages | tr '\n' ' ')
    # shellcheck disable=SC2086
    [ -z "$packages" ] || install_packages "Qt needs them" ${packages% }
}

require_font() { # without any, every text is a row of boxes
    on_linux || return 0
    for folder in /usr/share/fonts /usr/local/share/fonts "${HOME:-/}/.fonts" "${HOME:-/}/.local/share/fonts"; do
        if [ -d "$folder" ] && [ -n "$(find "$folder" -name '*.[ot]t[fc]' -print | head -n 1)" ]; then return 0; fi
    done
    install_packages "there is no font" fonts-dejavu-core
}

make_environment() {
    stamp="$(cat pyproject.toml constraints.txt | cksum) $(pwd)" # an environment does not survive being moved
    if [ -x .venv/bin/python ] && [ "$(cat .venv/stamp 2>/dev/null)" = "$stamp" ]; then return 0; fi
    python=$(find_python)
    "$python" -c 'import ensurepip, venv' 2>/dev/null || install_packages "to make a Python environment" python3-venv
    say "Preparing .venv with $("$python" --version); the first time takes some minutes."
    rm -rf .venv
    "$python" -m venv .venv
    set -- .venv/bin/python -m pip --disable-pip-version-check install --quiet -c constraints.txt
    if on_linux && ! command -v nvidia-smi >/dev/null 2>&1; then # the small build; where it cannot be had, the large one follows
        "$@" --retries 1 --timeout 15 --no-deps --index-url https://download.pytorch.org/whl/cpu torch >/dev/null 2>&1 || true
    fi
    "$@" hatchling editables >&2 || fail "Python packages could not be installed; is the network there?"
    "$@" --no-build-isolation -e '.[dev]' >&2 || fail "Python packages could not be installed; is the network there?"
    printf '%s' "$stamp" >.venv/stamp
}

[ "${1:-}" != --window ] || require_display
require_python
require_qt_libraries
require_font
make_environment
