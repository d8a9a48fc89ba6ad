# Nobody is let in before it was tried, on this kernel and with this engine, that sandboxes hold.
# shellcheck shell=bash
# Needs stamps.sh, site.sh and engine.sh.

isolation_prove() {
    local key
    key="$(cat /proc/sys/kernel/random/boot_id) $(engine_key) $(image_name) $(content_hash sandbox/isolation)"
    step_once "$state/site/stamps/isolation" "$key" "サンドボックスから出られないことの確認" "Whether sandboxes hold" \
        manage prove_isolation --language "$(in_words ja en)"
}
