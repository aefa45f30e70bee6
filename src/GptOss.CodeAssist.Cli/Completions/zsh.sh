# gptoss-codeassist for zsh: put this into ~/.zshrc, after compinit:
#   eval "$(gptoss-codeassist completions zsh)"
_gptoss_codeassist() {
    local line="${BUFFER[1,CURSOR]}"
    local -a found
    found=("${(@f)$(gptoss-codeassist "[suggest:${#line}]" "$line" 2>/dev/null)}")
    compadd -a found || _files
}
compdef _gptoss_codeassist gptoss-codeassist
