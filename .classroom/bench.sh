# `./classroom bench`: how quick a classroom is, beside peers that are installed for that alone.
# shellcheck shell=bash

# The peers' packages, and the profiler, in a place of their own: the site is measured with what it
# is served with. HAKONIWA_PEERS is where.
bench_packages() {
    export HAKONIWA_PEERS=$here/benchmarks/.venv
    step_once "$HAKONIWA_PEERS/.hakoniwa" "$(content_hash benchmarks/requirements.txt)" \
        "比べる相手の Python パッケージ" "Python packages of the peers" \
        site_pip benchmarks/requirements.txt "$HAKONIWA_PEERS"
}
