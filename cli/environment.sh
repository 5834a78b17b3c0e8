# The virtual environment of this checkout; sourced by ./suasion and ./test.
# `prepare_environment FILE` makes .venv hold what the requirements FILE pins, and returns at once when it does.

root=$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P) || exit 70
venv=$root/.venv

# What somebody's shell says about other projects must not reach this one. An empty PYTHONTZPATH makes zoneinfo read the
# pinned tzdata package and nothing of the machine; PYTHONSAFEPATH keeps a folder `cli` of the caller's from being ours.
unset PYTHONPATH PYTHONHOME
export PYTHONTZPATH='' PYTHONSAFEPATH=1 PYTHONUTF8=1 PIP_DISABLE_PIP_VERSION_CHECK=1
# gRPC's C library writes to stderr in a form of its own, addresses and all; what it has to say reaches us as errors.
export GRPC_VERBOSITY=${GRPC_VERBOSITY:-NONE}

fail() {
  printf 'suasion: %s\n' "$@" >&2
  exit 70
}

pythons=(python3 python3.13 python3.12 python3.11 python3.14 /usr/bin/python3)

find_python() {
  local candidate without_venv=''
  for candidate in "${pythons[@]}"; do
    "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue
    if "$candidate" -c 'import venv, ensurepip' 2>/dev/null; then
      python=$candidate
      return
    fi
    without_venv=${without_venv:-$candidate}
  done
  if [[ -n $without_venv ]]; then
    fail "$without_venv has no \`venv\` and \`ensurepip\`, which come in a package of their own on some systems." \
      "Debian, Ubuntu: apt install python3-venv     then start again."
  fi
  fail "Python 3.11 or newer is needed, and none was found." \
    "Debian, Ubuntu: apt install python3 python3-venv     Fedora: dnf install python3     macOS: brew install python" \
    "or from https://www.python.org/downloads/"
}

same_text() { [[ -f $1 && -f $2 && $(<"$1") == "$(<"$2")" ]]; }

is_ready() { [[ -x $venv/bin/python && ! -e $venv/unfinished ]] && same_text "$root/$1" "$venv/$1"; }

# A file `unfinished` stands in the environment while it is changed. Whoever finds it there, holding the lock, knows
# that the one before was killed half-way, and starts from nothing.
make_venv() {
  if [[ -e $venv/unfinished ]] || ! "$venv/bin/python" -c 'import pip' 2>/dev/null; then
    rm -rf -- "$venv"
    mkdir -- "$venv" && : >"$venv/unfinished"
    "$python" -m venv "$venv" || fail "could not make a virtual environment in $venv"
  fi
}

# The path of this checkout, relative, so that a checkout can be moved; behind site-packages, as Python orders it.
write_path() {
  local site
  site=$("$venv/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))') || exit 70
  printf '../../../..\n../../../../protos\n' >"$site/suasion.pth"
}

install() {
  trap 'exit 130' INT TERM # pip answers an interruption with an ordinary exit code, which must not pass for a clean end
  is_ready "$1" && return
  printf 'suasion: installing %s into .venv (once; a minute or so)\n' "$1" >&2
  make_venv
  [[ -O ${HOME:-} && -w $HOME ]] || export PIP_NO_CACHE_DIR=1 # or pip complains that it cannot keep what it fetched
  : >"$venv/unfinished"
  if ! "$venv/bin/python" -m pip install --quiet --require-hashes -r "$root/$1" >&2; then
    rm -f -- "$venv/unfinished"
    fail "pip could not install what $1 lists; its message stands above."
  fi
  write_path
  cp -- "$root/$1" "$venv/$1"
  rm -f -- "$venv/unfinished"
}

prepare_environment() {
  is_ready "$1" && return
  find_python
  (
    exec 9>"$root/.venv.lock" || fail "cannot write in $root, where .venv has to be made"
    # Python instead of flock(1), which some systems lack: the lock lives as long as this shell's descriptor.
    "$python" -c 'import fcntl; fcntl.flock(9, fcntl.LOCK_EX)' || exit 70
    install "$1"
  ) || exit
}
