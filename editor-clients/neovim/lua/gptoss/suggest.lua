-- What is offered at the caret, in every version of Neovim: Neovim's own inline completion (0.12) draws what comes by itself, and our ghost text does what that cannot.
local ghost = require('gptoss.ghost')
local options = require('gptoss.options')
local server = require('gptoss.server')

local M = {}

local method = 'textDocument/inlineCompletion'
local automatic = 2

---@class gptoss.Native
---@field pending integer? the request that is not answered yet
---@field items table<string, table> what the server sent, by the id in its command

---@type table<integer, gptoss.Native>
local natives = {}
---@type table<integer, true> by client
local guarded = {}

--- Whether text is offered by itself: everywhere, and in single buffers.
M.is_on = nil ---@type boolean?

function M.is_automatic(bufnr)
  local here = vim.b[bufnr].gptoss
  if here ~= nil then return here end

  return M.is_on == nil and options.current.automatic or M.is_on == true
end

local function set_native(bufnr, on)
  if options.uses_native() and natives[bufnr] then vim.lsp.inline_completion.enable(on, { bufnr = bufnr }) end
end

local function id_of(item) return item.command and item.command.arguments and item.command.arguments[1] end

--- Neovim 0.12 neither cancels a request when it sends the next nor looks whether the answer still fits (neovim#36529), and keeps old text on the screen for an answer of null.
local function guard(client)
  local request = client.request
  client.request = function(self, name, params, handler, bufnr)
    local native = natives[bufnr]
    if name ~= method or not handler or not native or params.context.triggerKind ~= automatic then return request(self, name, params, handler, bufnr) end

    local before = native.pending
    if before then self:cancel_request(before) end

    local tick = vim.api.nvim_buf_get_changedtick(bufnr)
    local mine
    local ok, id = request(self, name, params, function(err, result, ...)
      if native.pending ~= mine then return end

      native.pending = nil
      if err or vim.api.nvim_buf_get_changedtick(bufnr) ~= tick or not vim.lsp.inline_completion.is_enabled({ bufnr = bufnr }) then return end

      local items = type(result) == 'table' and (result.items or result) or {}
      native.items = {}
      for _, item in ipairs(items) do
        native.items[id_of(item) or ''] = item
      end

      handler(nil, { items = items }, ...)
      if items[1] then self:notify('textDocument/didShowCompletion', { item = items[1] }) end
    end, bufnr)
    mine, native.pending = id, id
    return ok, id
  end
end

--- Hands what Neovim shows to a function, and takes it off the screen; false where it shows nothing.
---@param callback fun(client: vim.lsp.Client?, item: table): table? without a client for what another server offers; what it returns Neovim takes itself
local function take_over(bufnr, callback)
  if not options.uses_native() or not natives[bufnr] then return false end

  return vim.lsp.inline_completion.get({
    bufnr = bufnr,
    on_accept = function(native)
      local item = natives[bufnr].items[id_of(native) or '']
      local client = item and vim.lsp.get_client_by_id(native.client_id)
      return callback(client, client and item or native)
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
    if not client then
      return part == 'all' and item or nil
    elseif ghost.show(bufnr, client, { item }, 1, false) then
      ghost.take(part)
    end
  end)
end

--- Takes the suggestion away.
---@return boolean whether there was one
function M.dismiss()
  local bufnr = vim.api.nvim_get_current_buf()
  ghost.cancel()
  if ghost.is_shown(bufnr) then
    vim.schedule(ghost.hide)
    return true
  end

  return take_over(bufnr, function() end)
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
function M.toggle(bufnr)
  if bufnr then
    vim.b[bufnr].gptoss = not M.is_automatic(bufnr)
  else
    M.is_on = not M.is_automatic(vim.api.nvim_get_current_buf())
    for _, other in ipairs(vim.api.nvim_list_bufs()) do
      vim.b[other].gptoss = nil
    end
  end

  ghost.cancel()
  ghost.hide()
  for each in pairs(natives) do
    if vim.api.nvim_buf_is_valid(each) then set_native(each, M.is_automatic(each)) end
  end

  return M.is_automatic(bufnr or vim.api.nvim_get_current_buf())
end

--- What a key does where there is nothing to take: what it did before, or what it is.
---@param before table of maparg()
local function fallback(key, before)
  local function keys(codes) return vim.api.nvim_replace_termcodes(codes, true, true, true) end
  if before.callback and before.expr ~= 1 then
    vim.schedule(before.callback)
    return ''
  elseif before.callback then
    local result = before.callback() or ''
    return before.replace_keycodes == 1 and keys(result) or result
  elseif before.rhs and before.expr == 1 then
    return keys(vim.api.nvim_eval(before.rhs))
  end

  local is_meta = key:match('^<[MA]%-') ~= nil
  -- A meta key that nobody mapped would leave insert mode.
  return keys(before.rhs and before.rhs ~= '' and before.rhs or is_meta and '' or key)
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

local function map_keys(bufnr)
  for action, key in pairs(options.current.keys) do
    local about, act = unpack(actions[action])
    local before = key and vim.fn.maparg(key, 'i', false, true) or {}
    local is_ours = vim.startswith(before.desc or '', 'gpt-oss: ')
    local is_free = not next(before) or options.chosen_keys[action] ~= nil
    if key and not is_ours and not is_free then
      M.left_alone[action] = key
    elseif key and not is_ours then
      vim.keymap.set(
        'i',
        key,
        function() return act() and '' or fallback(key, before) end,
        { buffer = bufnr, expr = true, replace_keycodes = false, desc = 'gpt-oss: ' .. about }
      )
    end
  end
end

--- Begins in a buffer that the server has just come to.
function M.attach(bufnr, client)
  map_keys(bufnr)
  if options.uses_native() then
    if not guarded[client.id] then
      guarded[client.id] = true
      guard(client)
    end

    natives[bufnr] = { items = {} }
    set_native(bufnr, M.is_automatic(bufnr))
  end

  local group = vim.api.nvim_create_augroup('gptoss.suggest.' .. bufnr, { clear = true })
  vim.api.nvim_create_autocmd({ 'InsertEnter', 'CursorMovedI', 'TextChangedI', 'TextChangedP' }, {
    group = group,
    buffer = bufnr,
    callback = function()
      local asks = not options.uses_native() and M.is_automatic(bufnr)
      ghost.refresh(bufnr, asks and vim.lsp.get_clients({ name = 'gptoss', bufnr = bufnr })[1] or nil)
    end,
  })
  vim.api.nvim_create_autocmd({ 'InsertLeave', 'BufLeave' }, {
    group = group,
    buffer = bufnr,
    callback = function()
      ghost.cancel()
      ghost.hide()
    end,
  })
end

-- Our ghost text has the screen until it ends.
ghost.on_show = function(bufnr) set_native(bufnr, false) end
ghost.on_end = function(bufnr)
  if vim.api.nvim_buf_is_valid(bufnr) then set_native(bufnr, M.is_automatic(bufnr)) end
end

return M
