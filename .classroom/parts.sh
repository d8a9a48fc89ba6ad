# Parts: all that `up` would fetch or make, packed on a machine with a network for one without.
# shellcheck shell=bash
# Needs $here, $state, $parts (the folder; empty: none) and the functions of the other parts.
#
# image.tar, mirror/ and docker-registry are root's half; wheels/ and npm/ the site's; made-from says
# for which version of this clone. Debian's own packages are not among them.

parts_key() { echo "$(image_name) $(content_hash sandbox/mirror requirements.txt package.json package-lock.json)"; }

# The Pythons of Debian 12, Ubuntu 24.04 and Debian 13.
parts_pythons=(3.11 3.12 3.13)

parts_must_fit() {
    [ -n "$parts" ] || return 0
    [ "$(cat "$parts/made-from" 2> /dev/null)" = "$(parts_key)" ] || fail \
        "$parts には、この版の教室に合う部品がありません。" "$parts holds no parts for this version of the classroom." \
        "同じ版の箱庭で ./classroom pack フォルダー を実行し、そのフォルダーを持ってきてください。" \
        "Run ./classroom pack FOLDER with the same version of Hakoniwa and bring that folder."
}

# What pip and npm read by themselves; neither then asks a network.
parts_environment() {
    [ -n "$parts" ] || return 0
    export PIP_NO_INDEX=1 PIP_FIND_LINKS=$parts/wheels
    export npm_config_offline=true npm_config_cache=$state/site/npm
    # npm writes into its cache, and the folder may be read-only.
    rm -rf "$npm_config_cache" && cp -R "$parts/npm" "$npm_config_cache"
}

parts_load_image() { engine_docker load --quiet --input "$parts/image.tar"; }

parts_load_mirror() {
    mirror_stop
    rm -rf --one-file-system "$state/mirror"
    cp -R "$parts/mirror" "$state/mirror"
    install -D -m 0755 "$parts/docker-registry" "$state/registry/usr/bin/docker-registry"
}

# Makes what is missing here, then copies it.
root_pack() {
    # What it makes itself is made without parts.
    local into=$parts parts=''
    root_engine
    install -d -m 0755 -o "${owner%:*}" -g "${owner#*:}" "$into"
    rm -f "$into/made-from"
    step "サンドボックスのイメージを書き出す" "Packing the sandbox image" parts_pack_image "$into"
    step "ミラーを書き出す" "Packing the mirror" parts_pack_mirror "$into"
}

parts_pack_image() { engine_docker save --output "$1/image.tar" "$(image_name)" && chmod 0644 "$1/image.tar"; }

parts_pack_mirror() {
    rm -rf "$1/mirror"
    cp -R "$state/mirror" "$1/mirror"
    # Its paths are this machine's, and it counts as made once it is unpacked.
    rm -f "$1/mirror/config.yml" "$1/mirror/made-from"
    cp "$(mirror_registry_program)" "$1/docker-registry"
}

parts_pack_site() {
    rm -rf "$1/wheels" "$1/npm"
    parts_wheels requirements.txt "$1/wheels" "${parts_pythons[@]}"
    parts_npm "$1/npm"
}

# parts_wheels LIST FOLDER PYTHON…: for this machine's processor.
parts_wheels() {
    local list=$1 folder=$2 version all glibc=()
    shift 2
    all=$(mktemp)
    # pip asks such a condition of the Python that it runs on, not of the one that it downloads for.
    sed -E "s/ ; python_full_version [<>=]+ '[0-9.]+'//" "$list" > "$all"
    for version in 2_17 2_28; do glibc+=(--platform "manylinux_${version}_$(uname -m)"); done
    glibc+=(--platform "manylinux2014_$(uname -m)")
    for version; do
        .venv/bin/pip download -qq --disable-pip-version-check --require-hashes --no-deps --only-binary=:all: \
            --implementation cp --python-version "$version" "${glibc[@]}" --dest "$folder" --requirement "$all"
    done
    rm "$all"
}

# npm fills its cache by installing, here into a folder that is thrown away.
parts_npm() {
    local place
    place=$(mktemp -d)
    cp package.json package-lock.json .npmrc "$place"
    (cd "$place" && npm ci --omit=dev --ignore-scripts --cache "$1")
    rm -rf "$place"
}
