-- What is offered at the caret, in every version of Neovim: Neovim's own inline completion (0.12) draws what comes by itself, and our ghost text does what that cannot.
local ghost = require('gptoss.ghost')
local options = require('gptoss.options')
local server = require('gptoss.server')

local M = {}

local method = 'textDocument/inlineCompletion'
local automatic = 2

--- The buffers that Neovim's own inline completion serves, each with the request that is not answered yet, or 0.
---@type table<integer, integer>
local natives = {}

--- Whether text is offered by itself in a buffer: what was chosen for it, or for all, or in the options.
function M.is_automatic(bufnr)
  local is_on = vim.b[bufnr].gptoss
  if is_on == nil then is_on = vim.g.gptoss end

  if is_on == nil then is_on = options.current.automatic end

  return is_on
end

local function set_native(bufnr, on)
  if natives[bufnr] then vim.lsp.inline_completion.enable(on, { bufnr = bufnr }) end
end

--- Neovim 0.12 neither cancels a request when it sends the next nor looks whether the answer still fits (neovim#36529), and keeps old text on the screen for an answer of null.
function M.guard(client)
  local request = client.request
  client.request = function(self, name, params, handler, bufnr)
    if name ~= method or not natives[bufnr] or params.context.triggerKind ~= automatic then return request(self, name, params, handler, bufnr) end

    if natives[bufnr] ~= 0 then self:cancel_request(natives[bufnr]) end

    local here = ghost.place(bufnr)
    local mine
    local ok, id = request(self, name, params, function(err, result, ...)
      if natives[bufnr] ~= mine then return end

      natives[bufnr] = 0
      if err or ghost.place(bufnr) ~= here or not vim.lsp.inline_completion.is_enabled({ bufnr = bufnr }) then return end

      local items = type(result) == 'table' and (result.items or result) or {}
      handler(nil, { items = items }, ...)
      if items[1] then self:notify('textDocument/didShowCompletion', { item = items[1] }) end
    end, bufnr)
    mine, natives[bufnr] = id, id
    return ok, id
  end
end

--- Hands what Neovim shows to a function, and takes it off the screen; false where it shows nothing.
---@param callback fun(client: vim.lsp.Client?, item: table): table? without a client for what another server offers; what it returns Neovim takes itself
local function take_over(bufnr, callback)
  if not natives[bufnr] then return false end

  return vim.lsp.inline_completion.get({
    bufnr = bufnr,
    on_accept = function(native)
      local client = vim.lsp.get_client_by_id(native.client_id)
      if not client or client.name ~= 'gptoss' then return callback(nil, native) end

      -- The item as the server sent it.
      local range = native.range and native.range:to_lsp(client.offset_encoding)
      return callback(client, { insertText = native.insert_text, range = range, command = native.command })
    end,
  })
end

--- Takes the suggestion, or its first word or line.
---@param part 'all'|'word'|'line'
---@return boolean whether there was one
function M.accept(part)
  local bufnr = vim.api.nvim_get_current_buf()
  if ghost.is_shown(bufnr) then
    vim.schedule(function() ghost.take(part) end)
    return true
  end

  return take_over(bufnr, function(client, item)
    if not client then return part == 'all' and item or nil end

    ghost.show(bufnr, client, { item }, 1, false)
    ghost.take(part)
  end)
end

--- Takes the suggestion away.
---@return boolean whether there was one
function M.dismiss()
  local bufnr = vim.api.nvim_get_current_buf()
  local is_ours = ghost.is_shown(bufnr)
  ghost.hide()
  return is_ours or take_over(bufnr, function() end)
end

--- Shows another suggestion; where none is shown, asks for one.
---@param step integer
---@return boolean whether there is a server to ask
function M.cycle(step)
  local bufnr = vim.api.nvim_get_current_buf()
  local client = vim.lsp.get_clients({ name = 'gptoss', bufnr = bufnr })[1]
  if not client then return false end

  local function none()
    server.ask_status(bufnr, function(status)
      local reason = not ghost.is_shown(bufnr) and status and status.lastEmptyAnswer
      server.say(reason and reason.message or 'There is no other suggestion.')
    end)
  end
  local function go_on() ghost.cycle(bufnr, client, step, none) end
  local is_taken = not ghost.is_shown(bufnr)
    and take_over(bufnr, function(owner, item)
      if owner then ghost.show(bufnr, owner, { item }, 1, false) end

      go_on()
    end)
  if not is_taken then vim.schedule(go_on) end

  return true
end

--- Switches what is offered by itself; everywhere, or in one buffer.
---@param bufnr integer?
---@return boolean whether it is on now
function M.toggle(bufnr)
  local is_on = not M.is_automatic(bufnr or vim.api.nvim_get_current_buf())
  if not bufnr then vim.g.gptoss = is_on end

  ghost.hide()
  for _, each in ipairs(vim.api.nvim_list_bufs()) do
    if not bufnr or each == bufnr then vim.b[each].gptoss = bufnr and is_on end

    set_native(each, M.is_automatic(each))
  end

  return is_on
end

local actions = {
  accept = { 'take the suggestion', function() return M.accept('all') end },
  accept_word = { 'take a word of the suggestion', function() return M.accept('word') end },
  accept_line = { 'take a line of the suggestion', function() return M.accept('line') end },
  next = { 'next suggestion, or ask for one', function() return M.cycle(1) end },
  previous = { 'previous suggestion', function() return M.cycle(-1) end },
  dismiss = { 'take the suggestion away', function() return M.dismiss() end },
}

--- Keys that were left to whoever had mapped them first, for the health check.
---@type table<string, string>
M.left_alone = {}

--- Acts for a key, and says what it stands for. An expression must not change text, and what is scheduled for that, here and by Neovim, comes behind the keys that are typed already: it is done in the key's place.
local function press(act, otherwise)
  local schedule = vim.schedule
  M.pressed = {}
  vim.schedule = function(callback) table.insert(M.pressed, callback) end
  local is_right, is_done = pcall(act)
  vim.schedule = schedule
  assert(is_right, is_done)
  return is_done and "<Cmd>lua vim.iter(require('gptoss.suggest').pressed):each(function(run) run() end)<CR>" or otherwise
end

--- Maps a key; where there is nothing to take it does what it did before, or what it is.
local function map_key(bufnr, action, key, before)
  local about, act = unpack(actions[action])
  -- A meta key that nobody mapped would leave insert mode.
  local otherwise = key:match('^<[MA]%-') and '' or key
  if next(before) then
    otherwise = ('<Plug>(gptoss-%s)'):format(action)
    vim.fn.mapset('i', false, vim.tbl_extend('force', before, { lhs = otherwise, lhsraw = vim.keycode(otherwise) }))
  end

  local options_of_key = { buffer = bufnr, expr = true, remap = true, desc = 'gpt-oss: ' .. about }
  vim.keymap.set('i', key, function() return press(act, otherwise) end, options_of_key)
end

local function map_keys(bufnr)
  for action, key in pairs(options.current.keys) do
    local before = key and vim.fn.maparg(key, 'i', false, true) or {}
    local is_ours = vim.startswith(before.desc or '', 'gpt-oss: ')
    if key and not is_ours and next(before) and not options.chosen_keys[action] then
      M.left_alone[action] = key
    elseif key and not is_ours then
      map_key(bufnr, action, key, before)
    end
  end
end

--- Begins in a buffer that the server has just come to.
function M.attach(bufnr)
  vim.api.nvim_buf_call(bufnr, function() map_keys(bufnr) end)
  natives[bufnr] = options.uses_native() and 0 or nil
  set_native(bufnr, M.is_automatic(bufnr))

  local group = vim.api.nvim_create_augroup('gptoss.suggest.' .. bufnr, { clear = true })
  local function on(events, callback) vim.api.nvim_create_autocmd(events, { group = group, buffer = bufnr, callback = callback }) end
  on({ 'InsertEnter', 'CursorMovedI', 'TextChangedI', 'TextChangedP' }, function()
    local asks = not natives[bufnr] and M.is_automatic(bufnr)
    ghost.refresh(bufnr, asks and vim.lsp.get_clients({ name = 'gptoss', bufnr = bufnr })[1] or nil)
  end)
  on({ 'InsertLeave', 'BufLeave' }, ghost.hide)
end

-- Our ghost text has the screen until it ends.
ghost.on_show = function(bufnr) set_native(bufnr, false) end
ghost.on_end = function(bufnr) set_native(bufnr, M.is_automatic(bufnr)) end

return M
