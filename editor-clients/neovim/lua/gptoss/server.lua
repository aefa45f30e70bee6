-- The connection: how the server is started, started again, and how it is.
local options = require('gptoss.options')

local M = {}

local name = 'gptoss'
-- A server that ends this often within this time is left alone.
local most_ends, ends_within_ms = 3, 180000

---@type table<integer, table> the newest gptOss/status of each server
local statuses = {}
---@type table<integer, 'stop'|'restart'> servers that a person ended
local wanted_ends = {}
local ends = {} ---@type integer[]
-- Who waits for a server that is starting.
local waiting = {} ---@type fun(client: vim.lsp.Client)[]
-- Questions of the server's that nobody has answered yet; asked at once they would take the keys of somebody who types.
local questions = {}

function M.say(message, level) vim.notify('gpt-oss: ' .. message, level or vim.log.levels.INFO) end

--- The server of a buffer, or else any that runs.
---@return vim.lsp.Client?
function M.client(bufnr) return vim.lsp.get_clients({ name = name, bufnr = bufnr })[1] or vim.lsp.get_clients({ name = name })[1] end

--- Calls back with a running server, started where there is none.
---@param callback fun(client: vim.lsp.Client)
---@return string? problem why there can be none
function M.with_client(bufnr, callback)
  local client = M.client(bufnr)
  if client then return callback(client) end

  local _, problem = options.program()
  if problem then return problem end

  table.insert(waiting, callback)
  vim.lsp.start(vim.tbl_extend('force', vim.lsp.config[name], { root_dir = vim.fn.getcwd() }), { attach = false })
end

--- How the server of a buffer is; nil where none runs.
function M.status(bufnr)
  local client = M.client(bufnr)
  return client and statuses[client.id]
end

--- What the status says, for people: the important first.
---@return string[]
function M.describe(status)
  if not status then return { 'No server runs; it starts with the first C# file or question.' } end

  local percent = status.loadFraction and (': %d %%'):format(math.floor(status.loadFraction * 100)) or ''
  local lines = { ready = ('%s is ready.'):format(status.model or 'The model'), loading = ('The model is loading%s.'):format(percent) }
  local last = status.lastEmptyAnswer and 'Last time nothing was shown: ' .. status.lastEmptyAnswer.message
  return vim.tbl_filter(function(line) return line ~= '' end, { lines[status.state] or '', status.problem or '', last or '' })
end

--- Asks the server how it is, which it answers even when it is stuck elsewhere.
---@param callback fun(status: table?)
function M.ask_status(bufnr, callback)
  local client = M.client(bufnr)
  if not client then return callback(nil) end

  client:request('gptOss/status', nil, function(_, status) callback(status) end)
end

--- Cancels all work that the servers report.
---@return integer count
function M.cancel_works()
  local count = 0
  for _, client in ipairs(vim.lsp.get_clients({ name = name })) do
    for token in pairs(client.progress.pending) do
      client:notify('window/workDoneProgress/cancel', { token = token })
      count = count + 1
    end
  end

  return count
end

--- Every buffer gets its server, with today's options, as when Neovim starts.
local function start() vim.cmd('doautoall <nomodeline> nvim.lsp.enable FileType') end

local function on_exit(code, signal, client_id)
  local wanted = wanted_ends[client_id]
  statuses[client_id], wanted_ends[client_id] = nil, nil
  if vim.v.exiting ~= vim.NIL then return end

  vim.schedule(function()
    vim.api.nvim_exec_autocmds('User', { pattern = 'GptOssStatus' })
    require('gptoss.chat').lose(client_id)
    questions = vim.tbl_filter(function(question) return question.client_id ~= client_id end, questions)
    if wanted == 'restart' then
      return start()
    elseif wanted == 'stop' or (code == 0 and signal == 0) then
      return
    end

    local now = vim.uv.now()
    ends = vim.tbl_filter(function(at) return at > now - ends_within_ms end, ends)
    table.insert(ends, now)
    if #ends > most_ends then
      return M.say('The server ended four times within three minutes; :GptOss log says why, and :GptOss restart starts it again.', vim.log.levels.ERROR)
    end

    start()
  end)
end

--- Ends the servers; with 'restart' they begin anew, with today's options.
---@param wanted 'stop'|'restart'
function M.stop(wanted)
  ends = {}
  local clients = vim.lsp.get_clients({ name = name })
  for _, client in ipairs(clients) do
    wanted_ends[client.id] = wanted
    client:stop()
    vim.defer_fn(function()
      if vim.lsp.get_client_by_id(client.id) then client:stop(true) end
    end, 5000)
  end

  if wanted == 'restart' and #clients == 0 then start() end
end

--- Lets the person choose an answer to the oldest question of the server's.
function M.answer()
  local question = table.remove(questions, 1)
  if not question then return M.say('Nothing was asked.') end

  vim.ui.select(question.actions, {
    prompt = question.message,
    kind = 'lsp_message',
    format_item = function(action) return action.title end,
  }, function(choice) coroutine.resume(question.asker, choice or vim.NIL) end)
end

local function on_question(err, params, ctx)
  local asker, is_main = coroutine.running()
  if err or not params.actions or #params.actions == 0 or not asker or is_main then return vim.lsp.handlers['window/showMessageRequest'](err, params, ctx) end

  table.insert(questions, { client_id = ctx.client_id, message = params.message, actions = params.actions, asker = asker })
  -- Short, because what does not fit into the message line waits for a key.
  M.say('The server has a question: :GptOss answer', vim.log.levels.WARN)
  return coroutine.yield()
end

local function on_progress(err, params, ctx)
  if require('gptoss.chat').hear(params) then return end

  vim.lsp.handlers['$/progress'](err, params, ctx)
  local value = params.value
  if options.current.progress and type(value) == 'table' and vim.api.nvim_get_mode().mode:sub(1, 1) ~= 'c' then
    -- Neovim's own handler has put the title into what follows the first.
    local title = value.title or name
    local percent = value.percentage and (' %d %%'):format(value.percentage) or ''
    local text = value.kind == 'end' and title .. ': done' or vim.iter({ title .. percent, value.message }):join(': ')
    -- Cut, because a message that fills the line waits for a key.
    vim.api.nvim_echo({ { vim.fn.strcharpart(text:gsub('%s+', ' '), 0, math.max(vim.v.echospace - 1, 10)), 'Comment' } }, false, {})
  end
end

local function on_show_document(err, params, ctx)
  -- What the chat shows itself needs no window of its own.
  if require('gptoss.chat').is_waiting_for_command() then return { success = true } end

  return vim.lsp.handlers['window/showDocument'](err, params, ctx)
end

local function on_status(_, status, ctx)
  local before = statuses[ctx.client_id] or {}
  statuses[ctx.client_id] = status
  vim.api.nvim_exec_autocmds('User', { pattern = 'GptOssStatus', data = status })
  if status.state == 'failed' and status.problem ~= before.problem then M.say(status.problem, vim.log.levels.WARN) end
end

local function root_dir(bufnr, on_dir)
  local function is_solution(file) return file:match('%.slnx?$') ~= nil end
  local function is_project(file) return file:match('%.csproj$') ~= nil end
  on_dir(vim.fs.root(bufnr, is_solution) or vim.fs.root(bufnr, '.git') or vim.fs.root(bufnr, is_project) or vim.fs.dirname(vim.api.nvim_buf_get_name(bufnr)))
end

local function listen()
  local group = vim.api.nvim_create_augroup('gptoss', { clear = true })
  local suggest = require('gptoss.suggest')
  -- Neovim itself is silent about a program that is not there.
  vim.api.nvim_create_autocmd('FileType', {
    group = group,
    pattern = options.current.filetypes,
    callback = function()
      local _, problem = options.program()
      if problem then vim.notify_once('gpt-oss: ' .. problem, vim.log.levels.ERROR) end
    end,
  })
  vim.api.nvim_create_autocmd('LspAttach', {
    group = group,
    callback = function(event)
      local client = vim.lsp.get_client_by_id(event.data.client_id)
      if client and client.name == name then suggest.attach(event.buf) end
    end,
  })
  vim.api.nvim_create_autocmd('BufEnter', {
    group = group,
    callback = function(event)
      for _, client in ipairs(vim.lsp.get_clients({ name = name, bufnr = event.buf })) do
        client:notify('textDocument/didFocus', { textDocument = { uri = vim.uri_from_bufnr(event.buf) } })
      end
    end,
  })
end

--- What `vim.lsp.config` takes.
---@return vim.lsp.Config
function M.config()
  listen()
  local current = options.current
  local command = options.program()
  table.insert(command, 'serve')
  if current.model then vim.list_extend(command, { '--model', current.model }) end

  return {
    cmd = vim.list_extend(command, current.arguments),
    filetypes = current.filetypes,
    root_dir = root_dir,
    settings = { gptOss = next(current.settings) and current.settings or vim.empty_dict() },
    get_language_id = function(_, filetype) return filetype == 'cs' and 'csharp' or filetype end,
    -- Whole, because not every 0.11 adds what is missing here.
    capabilities = vim.tbl_deep_extend('force', vim.lsp.protocol.make_client_capabilities(), {
      textDocument = { inlineCompletion = { dynamicRegistration = false } },
      -- Neovim can do this, and does not say so.
      workspace = { workspaceEdit = { documentChanges = true } },
      experimental = { gptOss = { statusNotification = true } },
    }),
    handlers = {
      ['gptOss/didChangeStatus'] = on_status,
      ['$/progress'] = on_progress,
      ['window/showDocument'] = on_show_document,
      ['window/showMessageRequest'] = on_question,
    },
    on_init = function(client)
      require('gptoss.suggest').guard(client)
      while waiting[1] do
        table.remove(waiting, 1)(client)
      end
    end,
    on_exit = on_exit,
  }
end

return M
