#!/bin/bash
# The tables of docs/attacks.md: some of eight clients attack, under several strategies, without and with the check of uploads.
# usage: scripts/attacks.sh [ATTACKERS [STRATEGIES]]   (2, all of the table; after dotnet build -c Release src/Cli; about ten minutes on two cores)
set -euo pipefail
cd "$(dirname "$0")/.."
program=src/Cli/bin/Release/net10.0/loracollab
attackers=${1:-2}
schemes=${2:-local fedavg theoretical weights validation prediction median trimmed_mean krum norm_clip}
attacks="none nan scale:-100 signflip noise:5 shifted-text"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# Lines "scheme cell" of one run: mean loss of the honest clients, what they trust the others with in the last round, and the round in which one was found.
run() { # attack, options of the check, schemes
  local attack=(--attack "$1" --attackers "$attackers") numbers=()
  [ "$1" = none ] && attack=()
  [[ $3 = *krum* ]] && numbers=(--method krum.byzantine=$attackers,krum.keep=3)
  # shellcheck disable=SC2086
  "$program" collab --clients 8 --iterations 24 --pretraining-rounds 8 --trust-freq 8 --report-tokens 1000 "${attack[@]}" "${numbers[@]}" $2 \
    --schemes "$3" --keep-rounds none --out "$folder/run" --fresh --json 2> "$folder/error" | awk -v honest=$((8 - attackers)) '
      /^    "[a-z_]+": \{/ { split($0, name, "\""); scheme = name[2]; trust = loss = client = 0; round = "" }
      /^          "loss":/ { gsub(/[ ,]/, ""); split($0, pair, ":"); if (client++ < honest) loss += pair[2] / honest }
      /^      "excluded":/ { excluded = 1 }
      /^      "trust":/ { row = -1; inside = 1 }
      inside && /^        \[/ { row++; column = 0 }
      inside && /^          / { gsub(/[ ,]/, ""); if (row < honest && column >= honest) trust += $0 / honest; column++ }
      /^      \]/ { inside = 0; excluded = 0 }
      excluded && /"round":/ { gsub(/[ ,]/, ""); split($0, pair, ":"); if (round == "") round = pair[2] }
      /^      "seconds":/ { printf "%s %.3f%s%s\n", scheme, loss, scheme == "local" ? "" : sprintf(" (%.2f)", trust), round == "" ? "" : ", round " round }'
}

column() { # attack, options of the check
  if run "$1" "$2" "${schemes// /,}" > "$folder/cells"; then cat "$folder/cells"; return; fi
  for scheme in $schemes; do
    if run "$1" "$2" "$scheme" > "$folder/cells"; then cat "$folder/cells"; else echo "$scheme the run fails"; fi
  done
}

table() { # options of the check
  printf '| |'; for attack in $attacks; do printf ' `%s` |' "$attack"; done; printf '\n|---|'; for attack in $attacks; do printf '%s' '---|'; done; echo
  for attack in $attacks; do column "$attack" "$1" > "$folder/$attack.column"; done
  for scheme in $schemes; do
    printf '| `%s` |' "$scheme"
    for attack in $attacks; do printf ' %s |' "$(sed -n "s/^$scheme //p" "$folder/$attack.column")"; done
    echo
  done
}

echo "--upload-check off"
echo
table "--upload-check off"
echo
echo "--on-bad-upload exclude"
echo
table "--on-bad-upload exclude"
