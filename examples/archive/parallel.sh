#!/usr/bin/env bash
# Scores an archive on the cores of a machine, or of several (--sshloginfile): parallel.sh NIGHTS OUT
# NIGHTS lists files, such as tarballs, one a line. Started again, it does what is left.
set -euo pipefail
nights=$1 out=$2
mkdir -p "$out"
export BTSBOT=${BTSBOT:-btsbot}
parallel --joblog "$out/jobs.log" --resume-failed "$BTSBOT score {} --jobs 1 --resume $out/{#}.jsonl" :::: "$nights"
