#!/bin/bash
# Writes docs/commands.md anew from the program's own help pages.
# usage: scripts/commands.sh   (after dotnet build -c Release src/Cli)
set -euo pipefail
cd "$(dirname "$0")/.."
program=src/Cli/bin/Release/net10.0/loracollab
page() { "$program" "$@" --help all | cat; }
{
  cat docs/commands.head.md
  "$program" --help | sed -n "/^Experiment:/,\$p" | sed -nE 's/^  ([a-z-]+( [a-z-]+)?)  .*/\1/p' | while read -r -a verb; do
    printf '\n## %s\n\n```text\n' "${verb[*]}"
    page "${verb[@]}"
    printf '```\n'
  done
} > docs/commands.md.new
mv docs/commands.md.new docs/commands.md
