#!/usr/bin/env bash
# The check of action.yml: SARIF and a job summary first, then annotations, whose exit status decides.
set -euo pipefail

options=(--model "$HYPECHECK_MODEL")
[ -z "$HYPECHECK_RECORD" ] || options+=(--record "$HYPECHECK_RECORD")
[ -z "$HYPECHECK_BASELINE" ] || options+=(--baseline "$HYPECHECK_BASELINE")
[ "$HYPECHECK_DIFF_BASE" = none ] || options+=(--diff-base "$HYPECHECK_DIFF_BASE")
mapfile -t paths <<< "$HYPECHECK_PATHS"

sarif="$RUNNER_TEMP/hypecheck.sarif"
# What the command says on stderr may quote an article; the runner shall not read commands in it.
token="hypecheck-$RANDOM$RANDOM$RANDOM"
echo "::stop-commands::$token"
hypecheck check "${options[@]}" --fail-on never --format sarif --output "$sarif" --summary "$GITHUB_STEP_SUMMARY" \
  -- "${paths[@]}" || [ $? -eq 2 ]
echo "::$token::"
echo "sarif=$sarif" >> "$GITHUB_OUTPUT"

exec hypecheck check "${options[@]}" --fail-on "$HYPECHECK_FAIL_ON" --format github -- "${paths[@]}"
