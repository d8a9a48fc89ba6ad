#!/bin/bash
# Makes one layer of the stand-ins: what some packages and a few lines add to the Debian layer.
#
#   layer.sh NAME DEBIAN OUT [PACKAGE…]    DEBIAN: the unpacked Debian layer; OUT: the layer.tar
#
# Run under `unshare --mount`: the mounts go away with it, whatever happens.
set -euo pipefail
name=$1 debian=$2 out=$3
shift 3
work=$out.work

finish_nginx() {
    rm -f "$1/etc/nginx/sites-enabled/default"
    # Where Docker Hub's image has its page and its log.
    cat > "$1/etc/nginx/conf.d/default.conf" << 'CONF'
server {
    listen 80;
    root /usr/share/nginx/html;
    index index.html;
}
CONF
    ln -sf /dev/stdout "$1/var/log/nginx/access.log"
    ln -sf /dev/stderr "$1/var/log/nginx/error.log"
}

finish_httpd() {
    install -d "$1/usr/local/apache2/htdocs" "$1/usr/local/bin" "$1/var/run/apache2"
    echo '<html><body><h1>It works!</h1></body></html>' > "$1/usr/local/apache2/htdocs/index.html"
    sed -i 's#/var/www/html#/usr/local/apache2/htdocs#' "$1/etc/apache2/sites-available/000-default.conf"
    printf '<Directory /usr/local/apache2/htdocs>\n  Require all granted\n</Directory>\nServerName localhost\n' \
        > "$1/etc/apache2/conf-enabled/hakoniwa.conf"
    ln -sf /dev/stdout "$1/var/log/apache2/access.log"
    ln -sf /dev/stderr "$1/var/log/apache2/error.log"
    printf '#!/bin/sh\nexec apachectl -D FOREGROUND "$@"\n' > "$1/usr/local/bin/httpd-foreground"
    chmod +x "$1/usr/local/bin/httpd-foreground"
}

finish_redis() { install -d "$1/data"; }

finish_registry() {
    install -d "$1/var/lib/registry" "$1/etc/docker/registry"
    cat > "$1/etc/docker/registry/config.yml" << 'CONF'
version: 0.1
log: { level: warn }
storage:
  filesystem: { rootdirectory: /var/lib/registry }
  delete: { enabled: true }
http: { addr: ":5000" }
CONF
}

# overlayfs marks what was deleted with a device 0:0, an image layer with a file named .wh.
whiteouts() {
    find "$1" -type c | while read -r gone; do
        rm "$gone"
        touch "$(dirname "$gone")/.wh.$(basename "$gone")"
    done
}

rm -rf "$work"
mkdir -p "$work/upper" "$work/work" "$work/root"
mount -t overlay overlay -o "lowerdir=$debian,upperdir=$work/upper,workdir=$work/work" "$work/root"
# The package manager of the layer asks the servers that this machine asks.
mount --bind "$(readlink -f /etc/resolv.conf)" "$work/root/etc/resolv.conf"
mount -t tmpfs tmpfs "$work/root/var/cache/apt"
mount -t tmpfs tmpfs "$work/root/var/lib/apt/lists"
mkdir -p "$work/root/var/cache/apt/archives/partial"
inside() {
    DEBIAN_FRONTEND=noninteractive LC_ALL=C chroot "$work/root" "$@" >> "$out.log" 2>&1 < /dev/null
}
inside apt-get update --quiet=2
inside apt-get install --yes --quiet=2 --no-install-recommends "$@"
"finish_$name" "$work/root"
umount --recursive "$work/root"
rm -rf "$work/upper/var/lib/apt" "$work/upper/var/log/apt" "$work/upper/var/log/dpkg.log"
whiteouts "$work/upper"
tar -C "$work/upper" --numeric-owner --sort=name -cf "$out.tmp" .
rm -rf "$work"
mv "$out.tmp" "$out"
