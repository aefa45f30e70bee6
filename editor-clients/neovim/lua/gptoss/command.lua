-- `:GptOss` and what it can be asked for.
local chat = require('gptoss.chat')
local options = require('gptoss.options')
local proposal = require('gptoss.proposal')
local server = require('gptoss.server')
local suggest = require('gptoss.suggest')

local M = {}

--- Runs the program in a window of its own, where its progress can be seen.
---@param arguments string[]
---@param done fun()? after success
local function run_program(arguments, done)
  local command, problem = options.program()
  if problem then return server.say(problem, vim.log.levels.ERROR) end

  vim.cmd('botright 15new')
  local bufnr = vim.api.nvim_get_current_buf()
  vim.bo[bufnr].bufhidden = 'wipe'
  vim.fn.jobstart(vim.list_extend(command, arguments), {
    term = true,
    on_exit = function(_, code)
      if code == 0 and done then done() end
    end,
  })
  vim.keymap.set('n', 'q', '<Cmd>close<CR>', { buffer = bufnr, desc = 'gpt-oss: close this window' })
  vim.cmd('normal! G')
end

--- The first word of what follows a command, and the rest.
local function split(text) return text:match('^(%S*)%s*(.*)$') end

local function edit(call, rest)
  if rest ~= '' then return proposal.propose('edit', call, rest) end

  vim.ui.input({ prompt = 'What should change? ' }, function(message)
    if message and vim.trim(message) ~= '' then proposal.propose('edit', call, message) end
  end)
end

local function model(_, rest)
  local verb, which = split(rest)
  local verbs = { list = true, pull = true, use = true, info = true, verify = true, rm = true }
  if not verbs[verb == '' and 'list' or verb] then return server.say('model takes list, pull, use, info, verify or rm.') end

  local arguments = { 'model', verb == '' and 'list' or verb }
  if which ~= '' then table.insert(arguments, which) end

  run_program(arguments, verb == 'use' and function() server.stop('restart') end or nil)
end

local function status()
  local bufnr = vim.api.nvim_get_current_buf()
  server.ask_status(bufnr, function(answer)
    local lines = server.describe(answer)
    if not suggest.is_automatic(bufnr) then table.insert(lines, 'Nothing is offered by itself here; :GptOss toggle switches it on.') end

    server.say(table.concat(lines, '\n'))
  end)
end

local function toggle(_, rest)
  local here = rest == 'buffer' and vim.api.nvim_get_current_buf() or nil
  local is_on = suggest.toggle(here)
  server.say(('Completions are %s%s.'):format(is_on and 'on' or 'off', here and ' for this buffer' or ''))
end

local function log()
  vim.cmd('tabedit ' .. vim.fn.fnameescape(vim.lsp.log.get_filename()))
  vim.cmd('normal! G')
end

---@type table<string, { about: string, run: fun(call: table, rest: string), words: string[]? }>
M.commands = {
  chat = { about = 'asks, or opens the chat', run = function(call, rest) chat.open(rest, call) end },
  explain = { about = 'explains the member', run = function(call) chat.explain('gptOss.explain', call) end },
  clear = { about = 'begins a new conversation', run = function() chat.clear() end },
  edit = { about = 'changes the code as you say', run = edit },
  fix = { about = 'fixes the first problem', run = function(call, rest) proposal.propose('fix', call, rest ~= '' and rest or nil) end },
  tests = { about = 'writes unit tests for the member', run = function(call, rest) proposal.propose('tests', call, rest ~= '' and rest or nil) end },
  doc = { about = 'writes the member’s documentation', run = function(call, rest) proposal.propose('document', call, rest ~= '' and rest or nil) end },
  accept = { about = 'makes the change that is compared', run = function() proposal.accept() end },
  reject = { about = 'rejects the change that is compared', run = function() proposal.reject() end },
  cancel = {
    about = 'stops what is running',
    run = function()
      local is_answer = chat.cancel()
      if server.cancel_works() == 0 and not is_answer then server.say('Nothing is running.') end
    end,
  },
  suggest = { about = 'asks for suggestions at the caret (in insert mode)', run = function() suggest.cycle(1) end },
  toggle = { about = 'completions on or off', run = toggle, words = { 'buffer' } },
  status = { about = 'says how the server is', run = status },
  answer = { about = 'answers a question of the server’s', run = function() server.answer() end },
  restart = { about = 'starts the server anew', run = function() server.stop('restart') end },
  stop = { about = 'ends the server', run = function() server.stop('stop') end },
  log = { about = 'opens Neovim’s log of the language servers', run = log },
  doctor = { about = 'checks the set-up', run = function() run_program({ 'doctor' }) end },
  model = { about = 'lists, fetches and chooses models', run = model, words = { 'list', 'pull', 'use', 'info', 'verify', 'rm' } },
}

function M.run(call)
  local word, rest = split(call.args)
  local command = M.commands[word == '' and 'status' or word]
  if not command then return server.say(('There is no :GptOss %s; :help :GptOss lists what there is.'):format(word), vim.log.levels.ERROR) end

  command.run(call, rest)
end

--- The names of models, which only the program knows.
local function models()
  local command, problem = options.program()
  local result = not problem and vim.system(vim.list_extend(command, { 'model', 'list', '--json' }), { text = true, timeout = 3000 }):wait()
  local ok, listed = pcall(vim.json.decode, result and result.stdout or '')
  local names = {}
  for _, group in pairs(ok and type(listed) == 'table' and listed or {}) do
    for _, one in ipairs(type(group) == 'table' and group or {}) do
      table.insert(names, type(one) == 'table' and one.name or nil)
    end
  end

  return names
end

function M.complete(lead, line)
  local words = vim.split(line:gsub('^.-GptOss%s+', ''), '%s+')
  local choices = {}
  if #words <= 1 then
    choices = vim.tbl_keys(M.commands)
    table.sort(choices)
  elseif #words == 2 and M.commands[words[1]] then
    choices = M.commands[words[1]].words or {}
  elseif #words == 3 and words[1] == 'model' then
    choices = models()
  end

  return vim.tbl_filter(function(choice) return vim.startswith(choice, lead) end, choices)
end

return M
