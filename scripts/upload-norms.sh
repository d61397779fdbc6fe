#!/bin/bash
# How far honest clients come from the round's median norm: the largest ratio of every run, and the scheme that has it.
# usage: scripts/upload-norms.sh   (after dotnet build -c Release src/Cli; a quarter of an hour on two cores)
set -euo pipefail
cd "$(dirname "$0")/.."
program=src/Cli/bin/Release/net10.0/loracollab
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
every="--iterations 60 --schemes fedavg,weights,validation,prediction,fedprox,ffa,fedfomo,fedamp,fedamp_heur,ifca,cobo,ditto,fedavgm,fedadam,norm_clip,median,trimmed_mean,krum,fedex"
some="--iterations 60 --schemes fedavg,weights,fedamp,ditto"
while read -r options; do
  # Without a check nothing would be measured; with this one nothing is ever refused.
  # shellcheck disable=SC2086
  "$program" collab --report-tokens 1000 $options --upload-norm 1e9 --keep-rounds none --out "$folder/run" --fresh --json |
    awk -v options="$options" '/^    "[a-z_]+": \{/ { split($0, name, "\""); scheme = name[2] }
      /"largest_upload"/ { gsub(/[ ,]/, ""); split($0, pair, ":"); if (pair[2] > most) { most = pair[2]; of = scheme } }
      END { printf "%8.2f  %-12s %s\n", most, of, options }'
done <<RUNS
$every --clients 4
--schemes fedavg,weights,fedamp,ditto
$some --data languages --clients 6
$some,krum --data code --clients 4
$some --distribution mixed
$some --distribution dirichlet:0.1
$some --rank 16 --targets all
$some --rank 1 --lr 1e-3
$some --lr 3e-2
$some --pretraining-rounds 1 --trust-freq 3
$some --topology ring
$some --compat paper
$some --dp-clip 0.5 --dp-noise 1
$some --upload int8
$some --upload topk:0.01
$some --optimizer-state reset
$some --clients 2
$some --absent 0.5
$some --absent 0.75 --trust-freq 5
RUNS
