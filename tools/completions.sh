#!/bin/sh
# completions.sh: writes shell completion from what the program itself says, so that it never
# lags behind. usage: completions.sh bash|zsh PATH-TO-DEFUSE
shell=$1 defuse=$2
commands=$("$defuse" --help | sed -n '/^commands:/,/^options:/s/^  \([a-z]*\) .*/\1/p' | tr '\n' ' ')
options() { "$defuse" "$1" --help 2>/dev/null | sed -n 's/^ .*\(--[a-z-]*\).*/\1/p' | sort -u | tr '\n' ' '; }
case $shell in
bash)
    echo '# bash completion for defuse'
    echo '_defuse() {'
    echo '    local cur=${COMP_WORDS[COMP_CWORD]} command= i'
    echo '    for ((i = 1; i < COMP_CWORD; i++)); do'
    echo '        case ${COMP_WORDS[i]} in -c | --config) ((i++)) ;; -*) ;; *) command=${COMP_WORDS[i]}; break ;; esac'
    echo '    done'
    echo '    case $command in'
    echo "    '') COMPREPLY=(\$(compgen -W '$commands --config --debug --version --help' -- \"\$cur\")) ;;"
    for c in $commands; do
        echo "    $c) COMPREPLY=(\$(compgen -f -W '$(options "$c")' -- \"\$cur\")) ;;"
    done
    echo '    esac'
    echo '}'
    echo 'complete -o default -F _defuse defuse'
    ;;
zsh)
    echo '#compdef defuse'
    echo 'local -a commands'
    echo 'commands=('
    "$defuse" --help | sed -n "/^commands:/,/^options:/s/^  \([a-z]*\)  *\(.*\)/    '\1:\2'/p"
    echo ')'
    echo 'if (( CURRENT == 2 )); then _describe command commands; return; fi'
    echo 'case $words[2] in'
    for c in $commands; do
        echo "$c) compadd -- $(options "$c"); _files ;;"
    done
    echo 'esac'
    ;;
*)
    echo "usage: completions.sh bash|zsh PATH-TO-DEFUSE" >&2
    exit 2
    ;;
esac
