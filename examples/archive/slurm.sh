#!/usr/bin/env bash
#SBATCH --array=0-99
#SBATCH --cpus-per-task=4
#SBATCH --requeue
# Scores an archive as an array of jobs: sbatch slurm.sh NIGHTS OUT
# NIGHTS lists files, such as tarballs, one a line; each job takes its share. A job that is started again goes on where it ended.
set -euo pipefail
nights=$1 out=$2
mkdir -p "$out"
awk -v mine="$SLURM_ARRAY_TASK_ID" -v all="$SLURM_ARRAY_TASK_COUNT" 'NR % all == mine' "$nights" |
  ${BTSBOT:-btsbot} score --files-from - --jobs "${SLURM_CPUS_PER_TASK:-1}" --resume "$out/$SLURM_ARRAY_TASK_ID.jsonl"
