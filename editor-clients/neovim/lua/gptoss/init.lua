-- gpt-oss on your own machine, in Neovim: see :help gptoss.
local M = {}

--- Takes options (:help gptoss-options) and starts the server with the first file that it is for.
---@param given table?
function M.setup(given)
  if vim.fn.has('nvim-0.11') == 0 then return vim.notify('gpt-oss needs Neovim 0.11 or later.', vim.log.levels.ERROR) end

  require('gptoss.options').take(given)
  vim.lsp.config('gptoss', require('gptoss.server').config())
  vim.lsp.enable('gptoss')
end

--- Takes the suggestion, for keys of your own; false where there is none.
---@param part 'all'|'word'|'line'|nil
---@return boolean
function M.accept(part) return require('gptoss.suggest').accept(part or 'all') end

--- Shows the next (1) or the previous (-1) suggestion, and asks for one where none is shown.
---@param step integer?
---@return boolean
function M.cycle(step) return require('gptoss.suggest').cycle(step or 1) end

--- Takes the suggestion away; false where there is none.
---@return boolean
function M.dismiss() return require('gptoss.suggest').dismiss() end

--- A short text for the status line; empty where no server runs.
---@return string
function M.status()
  local status = require('gptoss.server').status(vim.api.nvim_get_current_buf())
  if not status then return '' end

  local state = status.loadFraction and ('%d%%'):format(math.floor(status.loadFraction * 100)) or status.state
  return state == 'ready' and 'gpt-oss' or 'gpt-oss ' .. state
end

return M
