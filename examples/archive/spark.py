"""Scores an archive of alert packets on Spark.

    spark-submit spark.py PACKETS OUT

PACKETS is what Spark's `binaryFiles` takes: a folder, or a pattern of files. OUT is a folder that Spark makes, with JSON
Lines in it. Every executor runs `btsbot score`, which reads packets as base64 lines and writes a line for each alert.
BTSBOT in the environment is the command, by default `btsbot`; BTSBOT_MODEL the model.

A task whose command dies is run again by Spark, and only the output of tasks that ended well is kept: each alert is there
once. Only Avro containers are given to the command, as surveys send them; any other file gets a line with "error" and its
name, which the command does not know.
"""

import base64
import json
import os
import shlex
import sys

from pyspark import SparkContext

# Exit status 1: something could not be read, and a line says so. That is no reason to try again; a kill is.
SCORE = r"""
set -o pipefail
IFS= read -r first || exit 0
{ printf '%s\n' "$first"; cat; } | ${BTSBOT:-btsbot} score - --format jsonl --jobs 1 --model "${BTSBOT_MODEL:-btsbot-v1.0.1}"
status=$?
[ "$status" -le 1 ]
"""


CONTAINER = b"Obj\x01"


def complaint(file: str) -> str:
    return json.dumps({"file": file, "error": {"code": "input-unrecognized", "message": "not an Avro container"}})


def main(packets: str, out: str) -> None:
    context = SparkContext(appName="btsbot")
    files = context.binaryFiles(packets, minPartitions=context.defaultParallelism)
    packets_alone = files.values().filter(lambda packet: packet.startswith(CONTAINER))
    others = files.filter(lambda file: not file[1].startswith(CONTAINER)).keys().map(complaint)
    lines = packets_alone.map(lambda packet: base64.b64encode(packet).decode("ascii"))
    # Spark gives the command no environment of its own.
    scored = lines.pipe(shlex.join(["bash", "-c", SCORE]), env=dict(os.environ), checkCode=True)
    scored.union(others).saveAsTextFile(out)


if __name__ == "__main__":
    main(*sys.argv[1:])
