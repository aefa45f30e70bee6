if vim.g.loaded_gptoss then return end

vim.g.loaded_gptoss = true
vim.api.nvim_set_hl(0, 'GptOssGhost', { link = vim.fn.has('nvim-0.12') == 1 and 'ComplHint' or 'NonText', default = true })
vim.api.nvim_set_hl(0, 'GptOssReasoning', { link = 'Comment', default = true })
vim.api.nvim_create_user_command('GptOss', function(call) require('gptoss.command').run(call) end, {
  nargs = '*',
  range = true,
  desc = 'gpt-oss: chat, change code, look after the server',
  complete = function(...) return require('gptoss.command').complete(...) end,
})
