# What makes the learner's shell pleasant. Read by ~/.bashrc, so a learner can change any of it.
# shellcheck shell=bash
case $- in *i*) ;; *) return ;; esac

PS1='\[\e[1;32m\]\u@hakoniwa\[\e[0m\]:\[\e[1;34m\]\w\[\e[0m\]\$ '
HISTSIZE=5000
HISTFILESIZE=10000
HISTCONTROL=ignoredups
# Each command is kept at once: a sandbox may end at any time. While its learner, who is an author
# then, records an exercise, this file is there and gets each command with its exit code.
# The names are ours alone: a learner's own variables are left as they are.
_hakoniwa_recorded=~/.local/state/hakoniwa/typed
_hakoniwa_keep() {
    local code=$? now=
    history -a
    now="$HISTCMD $code" # an empty line changes neither
    if [ "$now" != "${_hakoniwa_kept:-$now}" ] && [ -f "$_hakoniwa_recorded" ]; then
        printf '%s %s\0' "$code" "$(HISTTIMEFORMAT='' history 1)" >> "$_hakoniwa_recorded"
    fi
    _hakoniwa_kept=$now
}
PROMPT_COMMAND=_hakoniwa_keep
shopt -s histappend checkwinsize
export LESSCHARSET=utf-8 EDITOR=nano
alias ls='ls --color=auto' ll='ls -l' la='ls -la' grep='grep --color=auto'

# Programmable completion is read at the first Tab: at the start it would hold up the prompt.
load_completion() {
    unset -f load_completion
    # shellcheck source=/dev/null
    . /usr/share/bash-completion/bash_completion
    _comp_complete_load "$@" # what it has put in this one's place
}
complete -D -F load_completion

if [ -z "${HAKONIWA_WELCOMED-}" ]; then
    export HAKONIWA_WELCOMED=1
    if [ "${HAKONIWA_LANGUAGE-}" = ja ]; then
        printf '\e[2m%s\e[0m\n' '箱庭へようこそ。ここはあなただけの Linux と Docker です。自由に試してください。'
    else
        printf '\e[2m%s\e[0m\n' 'Welcome to Hakoniwa. This Linux and its Docker are yours alone: try anything.'
    fi
fi
