# gptoss-codeassist for bash: put this into ~/.bashrc, or where bash-completion looks:
#   eval "$(gptoss-codeassist completions bash)"
_gptoss_codeassist() {
    local line="${COMP_LINE:0:COMP_POINT}" word="${COMP_WORDS[COMP_CWORD]}" found
    found="$(gptoss-codeassist "[suggest:${#line}]" "$line" 2>/dev/null)" || return
    local IFS=$'\n'
    COMPREPLY=($(compgen -W "$found" -- "$word"))
}
complete -o default -F _gptoss_codeassist gptoss-codeassist
