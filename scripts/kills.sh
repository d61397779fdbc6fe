#!/bin/bash
# Kills collab, train, pretrain and sweep with SIGKILL at random moments, N times each, lets each go on with --resume, and compares what comes out with a
# run that was left alone: adapters or model, logs, summaries (but times), and the list of files.
# usage: scripts/kills.sh [N [SEED [COMMAND ...]]]   (after dotnet build -c Release src/Cli; N is 50, SEED 1 and the commands all four where they are
# not given; prints a Markdown table)
set -euo pipefail
cd "$(dirname "$0")/.."
kills=${1:-50} seed=${2:-1}
program=$PWD/src/Cli/bin/Release/net10.0/loracollab
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
RANDOM=$seed

federated="--clients 2 --schemes local,fedavg --iterations 12 --trust-freq 4 --pretraining-rounds 1 --batch-size 2 --sequence-length 32 --threads 1
  --train-tokens 600 --trust-tokens 200 --report-tokens 200 --public-tokens 200 --checkpoint-every 2"
declare -A command=(
  [collab]="collab $federated"
  [train]="train --data code --iterations 40 --batch-size 2 --sequence-length 32 --checkpoint-every 2 --eval-every 7 --watch 5 --threads 1"
  [pretrain]="pretrain --data code --tokenizer chars --layers 2 --heads 2 --embd 32 --sequence-length 32 --iterations 60 --checkpoint-every 2
    --eval-every 20 --threads 1"
  [sweep]="sweep --over lr --values 1e-2,2e-2 --seeds 1 --no-report $federated"
)

# Every file of a folder with a hash, without times and the hashes of what holds times.
content() {
  (cd "$1" && find . -type f | sort | while read -r file; do
    case $file in
      */hashes.json) text=$(sed '/"summary.json": {/,/}/d; /^  "sha256"/d' "$file") ;;
      *.json) text=$(sed -E 's/("[a-z_]*seconds":) [0-9.eE+-]+/\1 0/' "$file") ;;
      *) text=$(sha256sum < "$file") ;;
    esac
    printf '%s %s\n' "$file" "$(sha256sum <<< "$text")"
  done)
}

names() { cut -d' ' -f1; }

# shellcheck disable=SC2086
killed() {
  local name=$1 whole=$work/whole dir=$work/killed log=$work/log
  local ends=0 equal=0 left=0 refused=0 count=0 began length process code
  rm -rf "$whole" "$dir"
  began=$(date +%s%N)
  $program ${command[$name]} --out "$whole" --quiet > "$log" 2>&1 || { cat "$log"; exit 1; }
  length=$(( ($(date +%s%N) - began) / 1000000 ))
  content "$whole" > "$work/expected"
  while :; do
    $program ${command[$name]} --out "$dir" --quiet --resume > "$log" 2>&1 &
    process=$!
    if [ "$count" -lt "$kills" ]; then
      # Anywhere in the time of a whole run.
      sleep "$(awk -v ms="$length" -v r="$RANDOM" 'BEGIN { printf "%.3f", ms * r / 32768 / 1000 }')"
      kill -KILL "$process" 2> /dev/null || true
    fi
    code=0
    wait "$process" 2> /dev/null || code=$?
    if [ "$code" -eq 137 ]; then
      count=$((count + 1))
      # Killed when all was done: train and pretrain call that finished.
      [[ $name == *train && -f $dir/summary.json ]] && ! ls "$dir"/checkpoint* > /dev/null 2>&1 || continue
    elif [ "$code" -ne 0 ]; then
      refused=$((refused + 1))
      echo "$name: after a kill, exit code $code: $(tail -1 "$log")" >&2
    fi
    ends=$((ends + 1))
    content "$dir" > "$work/found" || true
    if cmp -s "$work/expected" "$work/found"; then equal=$((equal + 1)); else diff "$work/expected" "$work/found" >&2 || true; fi
    left=$((left + $(comm -13 <(names < "$work/expected") <(names < "$work/found") | wc -l)))
    rm -rf "$dir"
    [ "$count" -lt "$kills" ] || break
  done
  printf '| %s | %d | %d | %d | %d | %d |\n' "$name" "$count" "$ends" "$equal" "$refused" "$left"
}

printf '%s, seed %s\n\n' "$(date +%F)" "$seed"
printf '| command | SIGKILLs | runs that came to their end | equal to the run left alone | refused to go on | files left over |\n|---|--:|--:|--:|--:|--:|\n'
if [ $# -gt 2 ]; then shift 2; else set -- collab train pretrain sweep; fi
for name in "$@"; do killed "$name"; done
