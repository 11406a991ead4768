#!/bin/sh
# Train a preset, or go on with it, then measure what there is and put it in the place of the shipped model of that name.
#
#   tools/make_model.sh PRESET [MINUTES]
#
# With MINUTES training ends after so long (the run is saved; the same command goes on with it), for machines that are lent.
set -eu
cd "$(dirname "$0")/.."
preset=$1
run=runs/$preset
python=.venv/bin/python
[ -x "$python" ] || python=python3
export PYTHONPATH="$PWD"
set -- --minutes "${2:-inf}"
if [ -f "$run/config.json" ]; then set -- "$@" --resume; else set -- "$@" --preset "$preset"; fi
"$python" -m sni_engine.cli train --out "$run" "$@"
"$python" -m sni_engine.cli measure-model "$run/model.safetensors" --out "$run/report.json" > "$run/report.txt"
"$python" tools/ship_model.py "$run" "resources/models/$preset" --report "$run/report.json"
case $preset in portraits*)  # the parts of other faces are for a person to name
    "$python" -m sni_engine.cli parts find "resources/models/$preset.safetensors" --names portraits \
        --out "resources/models/$preset.parts" ;;
esac
