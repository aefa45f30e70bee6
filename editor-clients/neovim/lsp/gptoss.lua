-- So that `vim.lsp.enable('gptoss')` works without a set-up; `require('gptoss').setup()` does this and more.
return require('gptoss.server').config()
