# `./classroom test`: the same set-up as `up`, then every check that a change has to pass.
# shellcheck shell=bash

tests_run() {
    if [ $# -gt 0 ]; then
        .venv/bin/python -m pytest "$@"
        return
    fi
    # One run, every answer: what the linters say keeps no test from running.
    local failed
    set +e
    (set -e; tests_lint)
    failed=$?
    .venv/bin/python -m pytest -m 'not alone' --numprocesses 2 --dist loadfile || failed=1
    .venv/bin/python -m pytest -m alone || failed=1
    set -e
    return $failed
}

tests_lint() {
    step "ruff" "ruff" .venv/bin/ruff check .
    step "ruff format" "ruff format" .venv/bin/ruff format --check .
    step "mypy" "mypy" .venv/bin/mypy .
    step "djlint" "djlint" tests_djlint
    step "makemigrations --check" "makemigrations --check" manage makemigrations --check --dry-run
    step "check --deploy" "check --deploy" tests_deploy_check
    step "shellcheck" "shellcheck" tests_shellcheck
    step "textlint" "textlint" npm run --silent lint:ja
}

tests_djlint() {
    .venv/bin/djlint templates --check
    .venv/bin/djlint templates --lint
}

tests_deploy_check() {
    HAKONIWA_SECRET_KEY_FILE='' HAKONIWA_SECRET_KEY=$(head -c 48 /dev/urandom | base64 -w 0) \
        HAKONIWA_ALLOWED_HOSTS=classroom.example HAKONIWA_ENGINE=unix://$run/engine.sock \
        manage check --deploy --fail-level WARNING --settings hakoniwa.settings.production
}

# Left out: names that another of the sourced files sets or reads, and `a && b || c` where b can't fail.
tests_shellcheck() {
    shellcheck --exclude=SC2154,SC2034,SC2015 classroom .classroom/*.sh .classroom/again sandbox/*/*.sh sandbox/engine/runtime \
        sandbox/engine/delegate-cgroups sandbox/image/files/usr/local/*bin/* .ci/run .ci/debian13 .ci/debian13.d/{check,engine-tests} docs/authoring/template/ci/check
}
