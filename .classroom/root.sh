# The half that needs root: packages, the sandbox engine, its image, the mirror.
# shellcheck shell=bash
# Needs $here, $state, $run, $owner and the functions of the other parts.

# For anybody else sudo runs this very script.
as_root() {
    if [ "$(id -u)" = 0 ]; then
        "root_$1"
    else
        command -v sudo > /dev/null || fail "root の権限が必要ですが、sudo がありません。" \
            "This needs root, and there is no sudo." "root で実行してください。" "Run it as root."
        sudo HAKONIWA_OWNER="$owner" HAKONIWA_STATE="$state" LANG="${LANG-}" LC_ALL="${LC_ALL-}" \
            HAKONIWA_YES="$yes" HAKONIWA_SANDBOX_DISK="${HAKONIWA_SANDBOX_DISK-}" HAKONIWA_RUNTIME="${HAKONIWA_RUNTIME-}" \
            HAKONIWA_PARTS="$parts" \
            "$here/classroom" "_$1"
    fi
}

root_engine() {
    packages_install
    root_sandboxes
}

root_engine_for_tests() {
    packages_install test
    root_sandboxes
}

root_sandboxes() {
    root_folders
    # Two at once would build into the same folder.
    exec 9> "$run/lock"
    alone 9
    host_raise_limits
    engine_is_up || step "サンドボックスのエンジン" "Sandbox engine" engine_start
    image_exists "$(image_name)" || step "サンドボックスのイメージ" "Sandbox image" root_image
    step_once "$state/mirror/made-from" "$(content_hash sandbox/mirror)" \
        "イメージの取り置き（Docker Hub に届かなければ代用品）" "Images to pull (stand-ins where Docker Hub is out of reach)" root_mirror
    mirror_answers || step "イメージのミラー" "Image mirror" mirror_start
    exec 9>&-
}

root_image() { if [ -n "$parts" ]; then parts_load_image; else image_build "$(image_name)"; fi; }

root_mirror() { if [ -n "$parts" ]; then parts_load_mirror; else mirror_build; fi; }

root_folders() {
    # Not `install`: HAKONIWA_STATE may lie in a folder that is somebody else's.
    mkdir -p "$(dirname "$state")"
    install -d -m 0755 -o root -g root /run/hakoniwa "$run" "$run/mirror"
    install -d -m 0711 "$state"
    install -d -m 0700 -o "${owner%:*}" -g "${owner#*:}" "$state/site"
    # The gateway, which runs as the site does, puts its socket here.
    install -d -m 0755 -o "${owner%:*}" -g "${owner#*:}" "$run/mirror/internet"
}

root_down() {
    root_folders
    exec 9> "$run/lock"
    alone 9
    step "サンドボックスとそのエンジンの停止" "Stopping the sandboxes and their engine" root_stop
    exec 9>&-
}

root_stop() {
    mirror_stop
    engine_stop
}
