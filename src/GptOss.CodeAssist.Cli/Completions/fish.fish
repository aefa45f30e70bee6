# gptoss-codeassist for fish: put this into ~/.config/fish/config.fish:
#   gptoss-codeassist completions fish | source
function __gptoss_codeassist
    set -l line (commandline -cp)
    gptoss-codeassist "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
end
complete -c gptoss-codeassist -a '(__gptoss_codeassist)'
