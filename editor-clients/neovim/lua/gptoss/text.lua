-- Pieces of text, and positions as the protocol counts them.
local M = {}

--- The position behind a piece of text that begins somewhere.
---@return integer row
---@return integer column in bytes
function M.behind(row, column, text)
  local lines = vim.split(text, '\n', { plain = true })
  return row + #lines - 1, (#lines == 1 and column or 0) + #lines[#lines]
end

--- The first word of a text with the space before it; a run of signs is a word too.
function M.word(text) return text:match('^%s*[%w_\128-\255]+') or text:match('^%s*[^%w%s_\128-\255]+') or text end

--- The rest of the line that a text begins in; where that is nothing, the next line that holds something.
function M.line(text) return text:match('^[^\n]+') or text:match('^\n[^\n]*%S[^\n]*') or text end

--- UTF-16 units of a text.
function M.units(text) return vim.str_utfindex(text, 'utf-16') end

--- The byte of a line that a UTF-16 position means; the line's end for what lies beyond.
function M.byte(line, unit) return vim.str_byteindex(line, 'utf-16', unit, false) end

--- The protocol's range for the lines of a command, or for what was selected in them.
---@param bufnr integer
---@param call { range: integer, line1: integer, line2: integer }? nil for the caret alone
function M.range(bufnr, call)
  local function at(row, column)
    local line = vim.api.nvim_buf_get_lines(bufnr, row, row + 1, false)[1] or ''
    return { line = row, character = M.units(line:sub(1, column)) }
  end

  if not call or call.range == 0 then
    local win = vim.fn.bufwinid(bufnr)
    local row, column = unpack(win == -1 and { 1, 0 } or vim.api.nvim_win_get_cursor(win))
    local caret = at(row - 1, column)
    return { start = caret, ['end'] = caret }
  end

  local from, to = vim.fn.getpos("'<"), vim.fn.getpos("'>")
  if vim.fn.visualmode() == 'v' and from[2] == call.line1 and to[2] == call.line2 then
    local line = vim.api.nvim_buf_get_lines(bufnr, to[2] - 1, to[2], false)[1] or ''
    -- The mark is on the last character, which may be longer than a byte.
    local last = math.min(to[3], #line)
    return { start = at(from[2] - 1, from[3] - 1), ['end'] = at(to[2] - 1, last + vim.str_utf_end(line, math.max(last, 1))) }
  end

  return { start = at(call.line1 - 1, 0), ['end'] = at(call.line2 - 1, vim.v.maxcol) }
end

return M
