#!/bin/bash
# Whether two builds of the program give the same bits: runs each of the ten configurations below with both and compares every adapter, trust.jsonl,
# ledger.jsonl and metrics.jsonl byte for byte. About four minutes each build on two cores.
#
#   scripts/same-bits.sh BEFORE/loracollab.dll AFTER/loracollab.dll [FOLDER]
#
# FOLDER (default: a new temporary one) keeps the runs; runs of BEFORE that are there are not made again.
set -euo pipefail
before=$(realpath "$1") after=$(realpath "$2") folder=${3:-$(mktemp -d)}
small="--clients 4 --iterations 12 --pretraining-rounds 4 --trust-freq 4 --train-tokens 512 --report-tokens 512 --trust-tokens 512 --public-tokens 1024"
others=learned,fedavg_tokens,fedprox,ffa,fedfomo,fedamp,fedamp_heur,ifca,cobo,ditto,fedavgm,fedadam,norm_clip,median,trimmed_mean,krum,fedex
declare -A runs=(
  [corrected]="$small"
  [paper]="${small/clients 4/clients 8} --compat paper --categories World,Sports,Business,Sci/Tech"
  [every-strategy]="$small --schemes local,fedavg,weights,validation,prediction,$others"
  [mixed]="$small --distribution mixed --trap 5=paper 9=paper"
  [ring]="$small --topology ring --schemes fedavg,weights,validation,prediction,learned,fedavgm,fedadam --neighbours 2"
  [forms]="$small --weights-form rowwise --prediction-form js --self floor --score-on round --lora-init rank --rslora --targets all"
  [uploads]="$small --schemes fedavg,weights,fedex --upload int8 --absent 0.25 --optimizer-state aggregate"
  [private]="$small --schemes fedavg,validation --dp-clip 1 --dp-noise 0.1 --upload topk:0.1"
  [attack]="${small/clients 4/clients 5} --schemes fedavg,median,krum --attack scale:-4 --attackers 1 --on-bad-upload exclude --exchange peers"
  [resume]="$small --schemes fedavg,prediction,fedadam --checkpoint-every 3"
)
make() {
  local program=$1 name=$2 out=$3
  [ -f "$out/summary.json" ] && return 0
  rm -rf "$out"
  if [ "$name" = resume ]; then # killed when its second checkpoint is there, and resumed
    dotnet "$program" collab ${runs[$name]} --out "$out" --quiet > /dev/null & local run=$!
    while [ ! -f "$out/checkpoints/index.json" ] && kill -0 $run 2> /dev/null; do sleep 0.2; done
    sleep 1; kill -9 $run 2> /dev/null || true; wait $run 2> /dev/null || true
    [ -f "$out/summary.json" ] || dotnet "$program" collab ${runs[$name]} --out "$out" --resume --quiet > /dev/null
  else
    dotnet "$program" collab ${runs[$name]} --out "$out" --quiet > /dev/null
  fi
}
failed=0
for name in $(printf '%s\n' "${!runs[@]}" | sort); do
  make "$before" "$name" "$folder/before/$name"
  rm -rf "$folder/after/$name"; make "$after" "$name" "$folder/after/$name"
  files=$(cd "$folder/before/$name" && find adapters rounds trust.jsonl ledger.jsonl metrics.jsonl -name '*.safetensors' -o -name '*.jsonl' | sort)
  different=0
  for file in $files; do cmp -s "$folder/before/$name/$file" "$folder/after/$name/$file" || { different=$((different + 1)); echo "  $name/$file differs"; }; done
  echo "$name: $(wc -w <<< "$files") files, $different different"
  [ $different = 0 ] || failed=1
done
exit $failed
