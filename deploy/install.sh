#!/bin/sh
# Installs fedcop from this folder, without a network: sh install.sh [PREFIX]
# It goes into PREFIX-VERSION (/opt/fedcop-0.1.0), and PREFIX (/opt/fedcop) leads there: to go back to the version
# before, let PREFIX lead to it again. PYTHON names the Python to use (python3).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
prefix=${1:-/opt/fedcop}
python=${PYTHON:-python3}

fail() {
    echo "install.sh: $*" >&2
    exit 1
}

case $prefix in
/*) ;;
*) fail "found $prefix, wanted a path from the root" ;;
esac
(cd "$here" && sha256sum --check --quiet SHA256SUMS) || fail "the archive is not as it was made"
read -r tag platform <"$here/python"
found=$("$python" -c 'import sys, sysconfig
print("cp%d%d" % sys.version_info[:2], sysconfig.get_platform().replace("-", "_"))') || fail "$python is no Python"
[ "$found" = "$tag $platform" ] || fail "$python is $found, these wheels are for $tag $platform: set PYTHON"
"$python" -c 'import ensurepip, venv' 2>/dev/null || fail "Python's venv is missing; on Debian: apt install python3-venv"
if [ -e "$prefix" ] && [ ! -L "$prefix" ]; then
    fail "$prefix is no link: it was not made by this"
fi

version=$(sed -n 's/^fedcop==\([^ ]*\) .*/\1/p' "$here/requirements.txt")
into=$prefix-$version
rm -rf "$into"
"$python" -m venv "$into"
"$into/bin/python" -m pip --disable-pip-version-check install --quiet --no-cache-dir --no-index --no-deps \
    --require-hashes --find-links "$here/wheels" --requirement "$here/requirements.txt"
"$into/bin/fedcop" --version
ln -sfn "$into" "$prefix"
echo "installed: $prefix/bin/fedcop"
