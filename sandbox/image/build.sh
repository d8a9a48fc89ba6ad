# The learner's image: Debian's packages by mmdebstrap, then the Dockerfile on top.
# shellcheck shell=bash
# Needs $here, $state and engine_docker of ../engine/engine.sh.

# trixie, whatever this machine runs: its Docker has BuildKit, compose 2 and buildx.
image_packages=(
    bash-completion ca-certificates containerd curl docker-buildx docker-cli docker-compose docker.io
    git iproute2 iptables jq less locales nano ncurses-bin ncurses-term procps runc socat tini tmux
    tzdata vim
)

# Documentation and other languages are half of a small image and nobody reads them in here.
# bash completion and the Japanese messages stay.
trimmed=(
    --aptopt='Acquire::Languages "none"'
    --dpkgopt='path-exclude=/usr/share/doc/*'
    --dpkgopt='path-exclude=/usr/share/man/*'
    --dpkgopt='path-exclude=/usr/share/info/*'
    --dpkgopt='path-exclude=/usr/share/locale/*'
)

# A new name whenever one of its inputs changed, so a site never starts an old image by accident.
image_name() {
    echo "hakoniwa/sandbox:$(cd "$here/sandbox/image" && content_hash Dockerfile build.sh fixed_address.py files)"
}

image_exists() { engine_docker image inspect "$1" > /dev/null 2>&1; }

image_build() {
    local name=$1 base
    image_exists "$name" && return
    base=hakoniwa/base:$({ printf '%s\n' "${image_packages[@]}" "${trimmed[@]}" && cat "$here/sandbox/image/fixed_address.py"; } | sha256sum | cut -c1-12)
    image_exists "$base" || image_build_base "$base"
    # BuildKit would want a network of its own, which the sandbox engine has not.
    DOCKER_BUILDKIT=0 engine_docker build --quiet --network none --build-arg "BASE=$base" \
        --tag "$name" "$here/sandbox/image" 2>&1
}

# mmdebstrap, working beside everything else: /tmp may be memory, and what a killed one left is
# found again.
debian_tree() {
    rm -rf --one-file-system "$state/tmp"
    install -d -m 0711 "$state/tmp"
    TMPDIR=$state/tmp mmdebstrap "$@"
}

image_build_base() {
    local packages archive=$state/image-base.tar
    packages=$(IFS=, && echo "${image_packages[*]}")
    # shellcheck disable=SC2064
    trap "rm -f '$archive'" EXIT
    debian_tree --variant=minbase "${trimmed[@]}" \
        --dpkgopt='path-include=/usr/share/locale/ja/*' --include="$packages" \
        --customize-hook="python3 '$here/sandbox/image/fixed_address.py' \"\$1/usr/sbin/dockerd\" \"\$1/usr/bin/docker\"" \
        trixie "$archive"
    engine_docker import "$archive" "$1"
}
