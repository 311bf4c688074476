#!/usr/bin/env bash
# A plain git hook: copy it to .git/hooks/pre-commit and make it executable. Checks what is about to be committed.
set -euo pipefail

mapfile -d '' files < <(git diff --cached --name-only --diff-filter=ACMR -z -- '*.md' '*.mdx' '*.markdown' '*.txt' '*.html' '*.htm')
[ ${#files[@]} -gt 0 ] || exit 0
exec hypecheck check -- "${files[@]}"
