# The site: its Python and npm packages, its database, its processes.
# shellcheck shell=bash

site_environment() {
    export HAKONIWA_SITE=$site
    export HAKONIWA_ENGINE=unix://$run/engine.sock
    HAKONIWA_SANDBOX_IMAGE=$(image_name)
    export HAKONIWA_SANDBOX_IMAGE
    export HAKONIWA_MIRROR_DIR=$run/mirror
    export HAKONIWA_ENGINE_DATA=$state/engine
    export HAKONIWA_IMAGE_LIST=$state/mirror/images.json
    export HAKONIWA_STATE_DIR=${HAKONIWA_STATE_DIR:-$state/site}
    export HAKONIWA_SECRET_KEY_FILE=${HAKONIWA_SECRET_KEY_FILE:-$state/site/secret-key}
    export HAKONIWA_ALLOWED_HOSTS=${HAKONIWA_ALLOWED_HOSTS:-$(site_hosts)}
    export DJANGO_SETTINGS_MODULE=${1:-${DJANGO_SETTINGS_MODULE:-hakoniwa.settings.local}}
}

site_hosts() {
    printf 'localhost,127.0.0.1,[::1]'
    case $host in localhost | 127.* | ::1) return ;; esac
    printf ',%s' "$(hostname)" "$host"
    hostname -I 2> /dev/null | tr ' ' '\n' | sed '/^$/d; s/.*:.*/[&]/; s/^/,/' | tr -d '\n'
}

# site_packages up|test: for tests the lists that hold the others' too; those serve for `up` as well.
site_packages() {
    local python=requirements.txt npm=(ci --omit=dev) key_python key_npm
    [ "$1" != test ] || { python=requirements-dev.txt npm=(ci); }
    key_python=$(content_hash requirements*.txt) key_npm=$(content_hash package.json package-lock.json)
    [ "$(cat .venv/.hakoniwa 2> /dev/null)" = "test $key_python" ] \
        || step_once .venv/.hakoniwa "$1 $key_python" "Python パッケージ" "Python packages" site_pip "$python" .venv
    [ "$(cat node_modules/.hakoniwa 2> /dev/null)" = "test $key_npm" ] \
        || step_once node_modules/.hakoniwa "$1 $key_npm" "npm パッケージ" "npm packages" npm "${npm[@]}"
}

# site_pip LIST FOLDER
site_pip() {
    # pip takes a half unpacked package for a whole one: what was interrupted is made anew.
    [ -x "$2/bin/pip" ] && [ ! -e "$2/.unfinished" ] || { rm -rf "$2" && mkdir "$2"; }
    touch "$2/.unfinished"
    [ -x "$2/bin/pip" ] || python3 -m venv "$2"
    "$2/bin/pip" install --quiet --disable-pip-version-check --require-hashes -r "$1"
    rm "$2/.unfinished"
}

manage() { .venv/bin/python manage.py "$@"; }

site_secret_key() {
    [ -s "$HAKONIWA_SECRET_KEY_FILE" ] && return
    (umask 077 && head -c 48 /dev/urandom | base64 -w 0 > "$HAKONIWA_SECRET_KEY_FILE.new")
    mv "$HAKONIWA_SECRET_KEY_FILE.new" "$HAKONIWA_SECRET_KEY_FILE"
}

site_messages() {
    local po
    for po in locale/*/LC_MESSAGES/django.po; do
        [ -f "$po" ] || continue
        [ "$po" -nt "${po%.po}.mo" ] || continue
        step "翻訳" "Translations" manage compilemessages --verbosity 0
        return
    done
}

# site_prepare up|tools: everything that a change in the repository can ask for again.
site_prepare() {
    site_secret_key
    site_messages
    local stamps=$state/site/stamps
    # A database elsewhere may be new, or restored from a back-up: no stamp of ours knows.
    [ -z "${HAKONIWA_DATABASE_URL-}" ] || stamps+=-elsewhere
    [ "$stamps" = "$state/site/stamps" ] && [ -s "$HAKONIWA_STATE_DIR/db.sqlite3" ] || rm -rf "$stamps"
    step_once "$stamps/database" "$(content_hash requirements.txt hakoniwa/accounts/migrations lessons/migrations sandbox/migrations)" \
        "データベース" "Database" manage migrate --verbosity 0
    step_once "$stamps/static" "$(content_hash static package-lock.json hakoniwa/static_files.py)" \
        "静的ファイル" "Static files" manage collectstatic --noinput --verbosity 0
    # Learners see what is loaded, so what an author has only begun waits for `up`.
    [ "$1" = tools ] \
        || step_once "$stamps/lessons" "$(content_hash lessons)" "レッスンの読み込み" "Lessons" manage load_lessons
    # Not a step: what it prints (an account, once) is for the person.
    [ -f "$stamps/instructor" ] || { manage create_instructor --language "$(in_words ja en)" && touch "$stamps/instructor"; }
}

site_host() { case $1 in *:*) echo "[$1]" ;; *) echo "$1" ;; esac; }

site_address() { case $host in 0.0.0.0 | ::) echo "http://$(hostname):$port/" ;; *) echo "http://$(site_host "$host"):$port/" ;; esac; }

# Of the classroom that is open, for what prints a page's address; nothing where none is.
site_open_address() {
    local port host
    process_runs site || return 0
    read -r port host _ < "$state/site/open-with" && site_address
}

site_answers() { curl --silent --output /dev/null --max-time 2 "http://$(site_host "$(site_loopback)"):$port/"; }

site_loopback() { case $host in 0.0.0.0) echo 127.0.0.1 ;; ::) echo ::1 ;; *) echo "$host" ;; esac; }

# What the running site was started with: where it listens, and the code as it was.
site_key() { echo "$port $host ${HAKONIWA_INTERNET-} ${HAKONIWA_INTERNET_EXCEPT-} $(content_hash hakoniwa lessons sandbox templates locale) $(cat .venv/.hakoniwa 2> /dev/null)"; }

site_is_open() {
    process_runs site && process_runs keeper && { ! internet_is_offered || process_runs internet; } \
        && [ "$(cat "$state/site/open-with" 2> /dev/null)" = "$(site_key)" ] && site_answers
}

# The same words as the site's own settings take for yes.
internet_is_offered() { case ${HAKONIWA_INTERNET-} in 1 | y | yes | on | ok | true) ;; *) return 1 ;; esac; }

internet_gateway() { echo "$run/mirror/internet/gateway.sock"; }

internet_serve() {
    process_start internet "$state/site/internet.log" .classroom/again internet .venv/bin/python manage.py internet_gateway
    process_answers internet 30 test -S "$(internet_gateway)" || { site_stop; fail_with_log "$state/site/internet.log"; }
}

site_serve() {
    # First: a sandbox looks for it once, when it starts.
    ! internet_is_offered || internet_serve
    process_start keeper "$state/site/keeper.log" .classroom/again keeper .venv/bin/python manage.py keep_sandboxes
    process_start site "$state/site/site.log" .venv/bin/python -m hakoniwa.server -b "$host" -p "$port" hakoniwa.asgi:application
    site_key > "$state/site/open-with"
    process_answers site 120 site_answers || { site_stop; fail_with_log "$state/site/site.log"; }
}

site_stop() {
    process_stop site
    process_stop keeper
    process_stop internet
    # Of one that was killed; sandboxes must not look for it.
    rm -f "$(internet_gateway)"
}

# Shows what the site logs until Ctrl-C, until it is closed from elsewhere, or until it breaks.
site_watch() {
    say "Ctrl-C でサイトを止めます。サンドボックスは ./classroom down まで残ります。" \
        "Ctrl-C stops the site; sandboxes stay until ./classroom down."
    tail -n 0 -F "$state/site/site.log" "$state/site/keeper.log" "$state/site/internet.log" 2> /dev/null &
    # shellcheck disable=SC2064
    trap "kill $! 2> /dev/null || true" EXIT
    trap 'site_stop; exit 0' INT TERM HUP
    while process_runs site; do sleep 1; done
    # Whoever stops a site on purpose removes its file.
    [ -f "$(process_file site)" ] || return 0
    site_stop
    fail_with_log "$state/site/site.log"
}
