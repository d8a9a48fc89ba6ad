# The images that a sandbox can pull: their layers, and the read-only registry that serves them.
# shellcheck shell=bash
# Needs $here, $state, $run, `trimmed` and debian_tree of ../image/build.sh and the words of .classroom/.

# Real images where Docker Hub answers, else stand-ins made from Debian's packages, labelled so.
mirror_build() {
    local new=$state/mirror.new layers=$state/mirror.new/layers
    # shellcheck disable=SC2064
    trap "rm -rf --one-file-system '$new'" EXIT
    rm -rf --one-file-system "$new"
    mkdir -p "$new/hub" "$layers"
    mirror_copy_from_hub "$new/hub"
    mirror_stand_in_layers "$layers"
    python3 "$here/sandbox/mirror/publish.py" "$here/sandbox/mirror/stand_ins.json" \
        "$new/hub" "$layers" "$new"
    rm -rf "$new/hub" "$layers"
    mirror_stop
    rm -rf "$state/mirror"
    mv "$new" "$state/mirror"
}

mirror_names() { jq -r '.[].name' "$here/sandbox/mirror/stand_ins.json"; }

mirror_copy_from_hub() {
    local name
    # One quick question first: without a way there, eight time-outs would be forty seconds.
    timeout 5 skopeo inspect --raw docker://hello-world:latest > /dev/null 2>&1 || return 0
    for name in $(mirror_names); do
        timeout 300 skopeo copy --quiet "docker://$name:latest" "dir:$1/$name" \
            || rm -rf "${1:?}/$name"
    done
}

mirror_stand_in_layers() {
    local layers=$1 debian=$1/debian
    mirror_debian_layer "$layers"
    mkdir "$debian"
    tar -C "$debian" --numeric-owner -xf "$layers/debian.tar"
    # Two at a time: apt is half waiting, half unpacking.
    # shellcheck disable=SC2016
    printf '%s\n' "nginx nginx-light" "httpd apache2" "redis redis-server" "registry docker-registry" \
        | xargs -P 2 -L 1 bash -c '
            unshare --mount "$0/sandbox/mirror/layer.sh" "$3" "$2" "$1/$3.tar" "${@:4}" || {
                cat "$1/$3.tar.log" >&2; exit 1; }' "$here" "$layers" "$debian"
    mirror_busybox_layers "$layers" "$debian"
    rm -rf "$debian"
}

# A daemon must not start while its package is installed, in here or in a learner's `apt install`.
mirror_debian_layer() {
    # As small as the real images: a pull's time is that of making its files (docs/adr/0004).
    # shellcheck disable=SC2016
    debian_tree --variant=apt "${trimmed[@]}" \
        --dpkgopt='path-exclude=/usr/share/lintian/*' \
        --dpkgopt='path-exclude=/usr/share/bash-completion/*' \
        --customize-hook='rm -f "$1"/var/cache/debconf/*-old "$1"/var/lib/dpkg/*-old' \
        --customize-hook='printf "#!/bin/sh\nexit 101\n" > "$1/usr/sbin/policy-rc.d"' \
        --customize-hook='chmod +x "$1/usr/sbin/policy-rc.d"' \
        --customize-hook='rm -f "$1/etc/resolv.conf" "$1/etc/hostname"; touch "$1/etc/resolv.conf"' \
        trixie "$1/debian.tar"
}

mirror_busybox_layers() {
    local layers=$1 debian=$2 root=$1/busybox applet
    mkdir -p "$root/bin" "$root/etc" "$root/root" "$root/tmp" "$layers/hello"
    chmod 1777 "$root/tmp"
    (cd "$layers" && mirror_download busybox-static && dpkg-deb -x busybox-static_*.deb busybox.deb)
    install -m 0755 "$(find "$layers/busybox.deb" -type f -path '*/bin/busybox')" "$root/bin/busybox"
    for applet in $("$root/bin/busybox" --list); do
        [ "$applet" = busybox ] || ln -s busybox "$root/bin/$applet"
    done
    cp "$debian/etc/passwd" "$debian/etc/group" "$root/etc/"
    install -m 0755 "$here/sandbox/mirror/hello" "$layers/hello/hello"
    tar -C "$root" --owner=0 --group=0 --sort=name -cf "$layers/busybox.tar" .
    tar -C "$layers/hello" --owner=0 --group=0 -cf "$layers/hello.tar" .
}

# A package's file without installing it: docker-registry would start a service on port 5000.
mirror_download() { apt-get download -o APT::Sandbox::User=root --quiet=2 "$1"; }

mirror_registry_program() {
    command -v docker-registry && return
    local place=$state/registry
    [ -x "$place/usr/bin/docker-registry" ] || {
        rm -rf "$place.new" && mkdir -p "$place.new" && cd "$place.new" || return
        mirror_download docker-registry > /dev/null && dpkg-deb -x docker-registry_*.deb .
        rm -rf "$place" && mv "$place.new" "$place"
    }
    echo "$place/usr/bin/docker-registry"
}

mirror_answers() {
    curl --silent --fail --max-time 2 --unix-socket "$run/mirror/registry.sock" \
        http://mirror/v2/ > /dev/null
}

mirror_start() {
    mirror_answers && return
    local program
    program=$(mirror_registry_program)
    # Owned by root, or the root of a sandbox could put a socket of its own in here.
    install -d -m 0755 -o root -g root "$run/mirror"
    cat > "$state/mirror/config.yml" << YAML
version: 0.1
log:
  level: warn
  accesslog: { disabled: true }
storage:
  filesystem: { rootdirectory: $state/mirror/registry }
  # What one learner pushed, every other would pull.
  maintenance: { readonly: { enabled: true } }
http:
  net: unix
  addr: $run/mirror/registry.sock
YAML
    rm -f "$run/mirror/registry.sock"
    process_start mirror "$state/mirror.log" "$program" serve "$state/mirror/config.yml"
    process_answers mirror 10 mirror_answers || { mirror_stop; fail_with_log "$state/mirror.log"; }
    # The sandboxes' root is somebody else on this machine, who must be able to connect.
    chmod 0666 "$run/mirror/registry.sock"
}

mirror_stop() { process_stop mirror; }
