-- Ghost text of our own: one suggestion at the caret, drawn, typed through, taken in pieces.
local text = require('gptoss.text')

local M = {}

local method = 'textDocument/inlineCompletion'
local invoked, automatic = 1, 2
local namespace = vim.api.nvim_create_namespace('gptoss.ghost')

---@class gptoss.Ghost
---@field bufnr integer
---@field client vim.lsp.Client
---@field items table[] as the server sent them
---@field index integer which of them is shown
---@field row integer where the text begins, from 0
---@field column integer in bytes
---@field text string what is offered from there on
---@field tail string what stands behind the caret and is replaced
---@field taken integer UTF-16 units of the item that lie before `text`
---@field has_all boolean whether a person asked, so that these are all there are

---@type gptoss.Ghost?
local shown
---@type { client: vim.lsp.Client, id: integer? }?
local pending
--- Where was asked last; two events of one key are one question.
---@type string?
local asked_at

--- Called before ghost text is drawn and when none is left; for whoever draws in between.
M.on_show = function(_) end
M.on_end = function(_) end

--- Where somebody types in which text; answers for another place are stale.
function M.place(bufnr)
  local row, column = unpack(vim.api.nvim_win_get_cursor(0))
  return table.concat({ vim.fn.bufnr(), bufnr, vim.api.nvim_buf_get_changedtick(bufnr), row, column, vim.fn.mode() }, ':')
end

local function is_inserting(bufnr) return vim.api.nvim_get_current_buf() == bufnr and vim.api.nvim_get_mode().mode:sub(1, 1) == 'i' end

--- What of the shown text is not typed yet, and where the caret is; nil where what was typed is something else.
---@return string? rest
---@return integer? row
---@return integer? column
local function rest_of(ghost)
  if not ghost or not is_inserting(ghost.bufnr) then return nil end

  local row, column = unpack(vim.api.nvim_win_get_cursor(0))
  local line = vim.api.nvim_get_current_line()
  local typed = line:sub(ghost.column + 1, column)
  local agrees = row - 1 == ghost.row
    and column >= ghost.column
    and #typed < #ghost.text
    and vim.startswith(ghost.text, typed)
    and vim.startswith(line:sub(column + 1), ghost.tail)
  if agrees then return ghost.text:sub(#typed + 1), row - 1, column end
end

--- Takes the ghost text away.
local function clear()
  local bufnr = shown and shown.bufnr
  shown = nil
  if bufnr and vim.api.nvim_buf_is_valid(bufnr) then
    vim.api.nvim_buf_clear_namespace(bufnr, namespace, 0, -1)
    M.on_end(bufnr)
  end
end

--- Forgets what is asked; the server hears of it.
local function cancel()
  local asked = pending
  pending, asked_at = nil, nil
  if asked and asked.id then asked.client:cancel_request(asked.id) end
end

--- Takes away what is shown, and what is still to come.
function M.hide()
  cancel()
  clear()
end

--- Draws what is left of the shown suggestion; false where nothing is.
local function draw()
  local ghost = shown
  local rest, row, column = rest_of(ghost)
  vim.api.nvim_buf_clear_namespace(ghost.bufnr, namespace, 0, -1)
  if not rest then return false end

  local lines = vim.split(rest:gsub('\t', (' '):rep(vim.bo[ghost.bufnr].tabstop)), '\n', { plain = true })
  local position = 'inline'
  if ghost.tail ~= '' and #lines == 1 and vim.endswith(lines[1], ghost.tail) then
    lines[1] = lines[1]:sub(1, #lines[1] - #ghost.tail)
  elseif ghost.tail ~= '' then
    -- What is replaced is drawn over.
    position = 'overlay'
    lines[1] = lines[1] .. (' '):rep(vim.fn.strwidth(ghost.tail) - vim.fn.strwidth(lines[1]))
  end

  local chunks = vim.tbl_map(function(line) return { { line, 'GptOssGhost' } } end, lines)
  if #ghost.items > 1 then table.insert(chunks[#chunks], { (' (%d/%d)'):format(ghost.index, #ghost.items), 'GptOssGhost' }) end

  vim.api.nvim_buf_set_extmark(ghost.bufnr, namespace, row, column, {
    virt_text = table.remove(chunks, 1),
    virt_lines = chunks,
    virt_text_pos = position,
    hl_mode = 'combine',
  })
  return true
end

--- Shows one of several suggestions; nil where it does not fit to what stands there.
---@return true?
function M.show(bufnr, client, items, index, has_all)
  M.on_show(bufnr)
  local item = items[index]
  local row, column = unpack(vim.api.nvim_win_get_cursor(0))
  local line = vim.api.nvim_get_current_line()
  row = row - 1
  local range = item.range or { start = { line = row, character = vim.str_utfindex(line, 'utf-16', column) } }
  local last = range['end'] or range.start
  shown = {
    bufnr = bufnr,
    client = client,
    items = items,
    index = index,
    row = range.start.line,
    column = vim.str_byteindex(line, 'utf-16', range.start.character, false),
    text = item.insertText,
    tail = line:sub(column + 1, vim.str_byteindex(line, 'utf-16', last.character, false)),
    taken = 0,
    has_all = has_all,
  }
  if not draw() then return clear() end

  client:notify('textDocument/didShowCompletion', { item = item })
  return true
end

--- Asks for suggestions at the caret.
---@param trigger integer
---@param callback fun(items: table[])
local function ask(bufnr, client, trigger, callback)
  cancel()
  local here = M.place(bufnr)
  local asked = { client = client }
  pending, asked_at = asked, here
  local params = {
    textDocument = { uri = vim.uri_from_bufnr(bufnr) },
    position = vim.lsp.util.make_position_params(0, 'utf-16').position,
    context = { triggerKind = trigger },
  }
  local _, id = client:request(method, params, function(err, result)
    if pending ~= asked then return end

    pending = nil
    -- An answer for what is no longer there.
    if not err and M.place(bufnr) == here then callback(type(result) == 'table' and (result.items or result) or {}) end
  end, bufnr)
  asked.id = id
end

--- After a key: keeps what still fits, takes away what does not, and asks anew where `client` is given.
---@param client vim.lsp.Client?
function M.refresh(bufnr, client)
  if shown and shown.bufnr == bufnr and draw() then return end

  clear()
  if asked_at == M.place(bufnr) then return end

  cancel()
  -- The menu of ordinary completion has the floor.
  if client and is_inserting(bufnr) and vim.fn.pumvisible() == 0 then
    ask(bufnr, client, automatic, function(items)
      if items[1] then M.show(bufnr, client, items, 1, false) end
    end)
  end
end

function M.is_shown(bufnr) return shown ~= nil and shown.bufnr == bufnr and rest_of(shown) ~= nil end

--- Puts a piece of the suggestion into the text, and goes on showing the rest.
---@param part 'all'|'word'|'line'
function M.take(part)
  local ghost = shown
  local rest, row, column = rest_of(ghost)
  if not rest then return M.hide() end

  local piece = part == 'all' and rest or text[part](rest)
  local item = ghost.items[ghost.index]
  local is_whole = piece == rest
  local lines = vim.split(piece, '\n', { plain = true })
  -- So that undoing takes back just this.
  vim.bo.undolevels = vim.bo.undolevels
  vim.api.nvim_buf_set_text(ghost.bufnr, row, column, row, column + (is_whole and #ghost.tail or 0), lines)
  local behind_row, behind_column = row + #lines - 1, (#lines == 1 and column or 0) + #lines[#lines]
  vim.api.nvim_win_set_cursor(0, { behind_row + 1, behind_column })
  if is_whole then
    M.hide()
    -- The server counts what was taken after it is in the text.
    return item.command and ghost.client:exec_cmd(item.command, { bufnr = ghost.bufnr })
  end

  local begun = ghost.text:sub(1, #ghost.text - #rest) .. piece
  ghost.taken = ghost.taken + vim.str_utfindex(begun, 'utf-16')
  ghost.row, ghost.column, ghost.text = behind_row, behind_column, rest:sub(#piece + 1)
  ghost.client:notify('textDocument/didPartiallyAcceptCompletion', { item = item, acceptedLength = ghost.taken })
  draw()
end

--- Shows the next or the previous suggestion; the first time the server is asked for all it has.
---@param step integer
---@param none fun() where there is no other
function M.cycle(bufnr, client, step, none)
  local ghost = shown
  if ghost and ghost.has_all and #ghost.items < 2 then return none() end

  if ghost and ghost.has_all then return M.show(bufnr, client, ghost.items, (ghost.index - 1 + step) % #ghost.items + 1, true) end

  local seen = ghost and rest_of(ghost)
  ask(bufnr, client, invoked, function(items)
    if #items == 0 then return none() end

    -- What is shown already is not the next one.
    local is_seen = seen ~= nil and vim.endswith(items[1].insertText, seen)
    if is_seen and #items == 1 then
      shown.has_all = true
      return none()
    end

    M.show(bufnr, client, items, step < 0 and #items or is_seen and 2 or 1, true)
  end)
end

return M
