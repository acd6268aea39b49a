#!/usr/bin/env bash
# Install initlint from the action's own checkout, so that who pins the action pins the tool.
set -euo pipefail

is_recent='import sys, venv; sys.exit(sys.version_info < (3, 11))'
for python in python3 python python3.13 python3.12 python3.11; do
  if command -v "$python" >/dev/null && "$python" -c "$is_recent" 2>/dev/null; then
    break
  fi
  python=
done
if [ -z "$python" ]; then
  echo '::error title=initlint::no Python 3.11 or later on this runner: add a step with actions/setup-python'
  exit 2
fi

environment="$RUNNER_TEMP/initlint"
"$python" -m venv "$environment"
installed="$environment/bin/python"
[ -x "$installed" ] || installed="$environment/Scripts/python.exe"
"$installed" -m pip install --quiet --disable-pip-version-check "$GITHUB_ACTION_PATH"
echo "python=$installed" >>"$GITHUB_OUTPUT"
