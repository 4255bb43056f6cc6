#!/usr/bin/env bash
# The step of the action: inputs come as variables, never as text of a script, so that no name can be a command.
set -euo pipefail

args=(push --purpose "$INPUT_PURPOSE" --github-output)
if [ -n "${INPUT_EXPIRES_AFTER:-}" ]; then args+=(--expires-after "$INPUT_EXPIRES_AFTER"); fi
while IFS= read -r flag; do
  if [ -n "$flag" ]; then args+=("$flag"); fi
done <<<"${INPUT_ARGS:-}"

args+=(--)
# A line is a path or a pattern. One that matches nothing stays as it is, and is reported as a file that is not there.
while IFS= read -r line; do
  if [ -z "$line" ]; then continue; fi
  matched=()
  while IFS= read -r path; do matched+=("$path"); done < <(compgen -G "$line" || true)
  if [ "${#matched[@]}" -gt 0 ]; then args+=("${matched[@]}"); else args+=("$line"); fi
done <<<"$INPUT_FILES"

if command -v oai-upload >/dev/null; then exec oai-upload "${args[@]}"; fi
exec npx --yes "oai-upload@${INPUT_VERSION:-latest}" "${args[@]}"
