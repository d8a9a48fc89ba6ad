# The distribution's packages that are missing: asked for on a terminal, then installed.
# shellcheck shell=bash

# "command:package": a command that is there is taken as it is, whoever installed it.
needed=(
    curl:curl jq:jq mmdebstrap:mmdebstrap skopeo:skopeo dockerd:docker.io docker:docker-cli
    containerd:containerd runc:runc iptables:iptables useradd:passwd ss:iproute2 newuidmap:uidmap mke2fs:e2fsprogs msgfmt:gettext
)
for_tests=(chromium:chromium shellcheck:shellcheck)

packages_missing() {
    local entry
    for entry in "$@"; do
        command -v "${entry%%:*}" > /dev/null || printf '%s\n' "${entry#*:}"
    done
    [ -f /usr/share/keyrings/debian-archive-keyring.gpg ] || echo debian-archive-keyring
    python3 -c 'import ensurepip' 2> /dev/null || echo python3-venv
}

packages_install() {
    local missing
    missing=$(packages_missing "${needed[@]}")
    if [ "${1-}" = test ]; then
        missing+=$'\n'$(packages_missing "${for_tests[@]}")
        fc-list :lang=ja 2> /dev/null | grep -q . || missing+=$'\n'fonts-noto-cjk
    fi
    missing=$(printf '%s\n' "$missing" | sed '/^$/d' | LC_ALL=C sort -u)
    [ -n "$missing" ] || return 0
    command -v apt-get > /dev/null || fail \
        "apt-get がないため、次のパッケージを入れられません: ${missing//$'\n'/ }" \
        "There is no apt-get to install: ${missing//$'\n'/ }" \
        "この機械のやり方でパッケージを入れてから、もう一度実行してください。" \
        "Install them in this machine's own way, then run this again."
    packages_ask "$missing"
    # shellcheck disable=SC2086
    step "パッケージのインストール（${missing//$'\n'/ }）" "Installing packages (${missing//$'\n'/ })" \
        packages_apt $missing
}

packages_ask() {
    [ -z "$yes" ] && [ -t 0 ] || return 0
    local answer
    printf '%s ' "$(in_words "次のパッケージを入れます: ${1//$'\n'/ }。よろしいですか？ [Y/n]" \
        "These packages will be installed: ${1//$'\n'/ }. Go on? [Y/n]")"
    read -r answer
    case $answer in [nN]*) fail "インストールしないことを選びました。" "You chose not to install them." \
        "自分で入れるか、./classroom up --yes を実行してください。" \
        "Install them yourself, or run ./classroom up --yes." ;; esac
}

packages_apt() {
    export DEBIAN_FRONTEND=noninteractive
    # On a fresh machine apt may be busy with its own updates, or dpkg may have been cut short.
    dpkg --configure -a
    apt-get update --quiet=2
    local package wanted=()
    for package; do
        # docker-cli is a package of its own only since Debian 13; chromium is not in Ubuntu.
        apt-cache show "$package" > /dev/null 2>&1 && wanted+=("$package")
    done
    apt-get install --yes --quiet=2 --no-install-recommends -o DPkg::Lock::Timeout=300 "${wanted[@]}"
    hash -r
    local still
    still=$(packages_missing "${needed[@]}")
    [ -z "$still" ] || fail "この機械の apt では入らないパッケージがあります: ${still//$'\n'/ }" \
        "apt on this machine does not have: ${still//$'\n'/ }" \
        "別のやり方で入れてから、もう一度同じコマンドを実行してください。" \
        "Install them in another way, then run the same command again."
}
