#!/bin/bash
# This program beside its peers, on a quiet machine; the options are those of compare.cs. A full run takes about an hour, --only SOME,ROWS less.
# usage: bench/compare.sh [--only gemm,step,full,small,round,memory,generate,start,quickstart,profile] [--rounds 3] [--threads N] [--peers DIR] [--out FILE.md] [--from FILE.jsonl]
set -e
here=$(cd "$(dirname "$0")" && pwd)
exec dotnet run "$here/compare.cs" -- "$@"
