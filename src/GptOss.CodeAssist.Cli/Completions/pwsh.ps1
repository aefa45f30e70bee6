# gptoss-codeassist for PowerShell: put this into $PROFILE:
#   gptoss-codeassist completions pwsh | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName gptoss-codeassist -ScriptBlock {
    param($word, $command, $position)
    $line = $command.ToString().PadRight($position).Substring(0, $position)
    gptoss-codeassist "[suggest:$position]" "$line" 2>$null | Where-Object { $_ -like "$word*" } | ForEach-Object {
        [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
    }
}
