-- Pieces of text, and positions as the protocol counts them.
local M = {}

--- The first word of a text with the space before it; a run of signs is a word too.
function M.word(text) return text:match('^%s*[%w_\128-\255]+') or text:match('^%s*[^%w%s_\128-\255]+') or text end

--- The rest of the line that a text begins in; where that is nothing, the next line that holds something.
function M.line(text) return text:match('^[^\n]+') or text:match('^\n[^\n]*%S[^\n]*') or text end

--- The protocol's range for the lines of a command, or for what was selected in them.
---@param bufnr integer
---@param call { range: integer, line1: integer, line2: integer }? nil for the caret alone
function M.range(bufnr, call)
  if not call or call.range == 0 then
    local win = vim.fn.bufwinid(bufnr)
    local caret = win == -1 and { line = 0, character = 0 } or vim.lsp.util.make_position_params(win, 'utf-16').position
    return { start = caret, ['end'] = caret }
  end

  local from, to = vim.fn.getpos("'<"), vim.fn.getpos("'>")
  if vim.fn.visualmode() == 'v' and from[2] == call.line1 and to[2] == call.line2 then
    return vim.lsp.util.make_given_range_params(nil, nil, bufnr, 'utf-16').range
  end

  local last = vim.api.nvim_buf_get_lines(bufnr, call.line2 - 1, call.line2, false)[1]
  return { start = { line = call.line1 - 1, character = 0 }, ['end'] = { line = call.line2 - 1, character = vim.str_utfindex(last, 'utf-16') } }
end

return M
