#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# enter.sh ROOT CHECKOUT COMMAND...: runs COMMAND in ROOT. Called in a private mount namespace. pivot_root, not chroot:
# after a chroot the kernel refuses user namespaces, which tests need.
set -euo pipefail
root=$1 checkout=$2
shift 2
old=$PWD
mount --bind "$root" "$root"
for dir in proc sys dev; do mount --rbind "/$dir" "$root/$dir"; done
mkdir -p "$root/tmp" && mount --bind /tmp "$root/tmp"
share() { [ -d "$1" ] && mkdir -p "$root$1" && mount --rbind "$1" "$root$1"; }
share "$HOME" || true
case $checkout/ in "$HOME"/* | /tmp/*) ;; *) share "$checkout" ;; esac
git_dir=$(git -C "$checkout" rev-parse --path-format=absolute --git-common-dir 2>/dev/null || true)
case $git_dir in "" | "$checkout"/* | "$HOME"/* | /tmp/*) ;; *) share "$git_dir" ;; esac
[ -z "${XDG_RUNTIME_DIR:-}" ] || share "$XDG_RUNTIME_DIR" || true
[ ! -e /etc/resolv.conf ] || cp -fL /etc/resolv.conf "$root/etc/resolv.conf" 2>/dev/null || true
cache=${DANUBE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/danube}
share "$cache" || true
cd "$root"
pivot_root . mnt
umount -l /mnt
cd "$old"
keep=()
for name in $(compgen -e); do
    case $name in
    HOME | TERM | CI | DISPLAY | WAYLAND_DISPLAY | XAUTHORITY | XDG_* | DANUBE_* | LINT_BASE | QT_* | CTEST_* | NO_COLOR | COLUMNS | TZ) keep+=("$name=${!name}") ;;
    esac
done
exec /usr/bin/env -i "${keep[@]}" LANG=C.UTF-8 PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin DANUBE_IN_ROOT=1 \
    CCACHE_DIR="$cache/ccache" CCACHE_BASEDIR="$checkout" CCACHE_NOHASHDIR=1 \
    CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_ctime,include_file_mtime "$@"
