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

--- A command whose change is compared.
local function change(action)
  return function(call, rest) proposal.propose(action, call, rest ~= '' and rest or nil) end
end

local verbs = { 'info', 'list', 'pull', 'rm', 'use', 'verify' }

local function model(_, rest)
  local verb, which = split(rest == '' and 'list' or rest)
  if not vim.list_contains(verbs, verb) then return server.say(('model takes %s.'):format(table.concat(verbs, ', '))) end

  run_program({ 'model', verb, which ~= '' and which or nil }, verb == 'use' and function() server.stop('restart') end or nil)
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
  server.say(('Completions are %s%s.'):format(suggest.toggle(here) and 'on' or 'off', here and ' for this buffer' or ''))
end

local function cancel()
  local is_answer = chat.cancel()
  if server.cancel_works() == 0 and not is_answer then server.say('Nothing is running.') end
end

---@type table<string, fun(call: table, rest: string)>
local commands = {
  accept = proposal.accept,
  answer = server.answer,
  cancel = cancel,
  chat = function(call, rest) chat.open(rest, call) end,
  clear = chat.clear,
  doc = change('document'),
  doctor = function() run_program({ 'doctor' }) end,
  edit = edit,
  explain = chat.explain,
  fix = change('fix'),
  log = function() vim.cmd('tabedit + ' .. vim.fn.fnameescape(vim.lsp.log.get_filename())) end,
  model = model,
  reject = proposal.reject,
  restart = function() server.stop('restart') end,
  status = status,
  stop = function() server.stop('stop') end,
  suggest = function() suggest.cycle(1) end,
  tests = change('tests'),
  toggle = toggle,
}

function M.run(call)
  local word, rest = split(call.args)
  local command = commands[word == '' and 'status' or word]
  if not command then return server.say(('There is no :GptOss %s; :help :GptOss lists what there is.'):format(word), vim.log.levels.ERROR) end

  command(call, rest)
end

--- The names of models, which only the program knows.
local function models()
  local command, problem = options.program()
  if problem then return {} end

  local result = vim.system(vim.list_extend(command, { 'model', 'list', '--json' }), { text = true, timeout = 3000 }):wait()
  local ok, listed = pcall(vim.json.decode, result.stdout)
  return ok and vim.tbl_map(function(one) return one.name end, listed.models) or {}
end

function M.complete(lead, line)
  local words = vim.split(line:gsub('^.-GptOss%s+', ''), '%s+')
  local choices = {}
  if #words <= 1 then
    choices = vim.tbl_keys(commands)
    table.sort(choices)
  elseif #words == 2 then
    choices = ({ model = verbs, toggle = { 'buffer' } })[words[1]] or {}
  elseif #words == 3 and words[1] == 'model' then
    choices = models()
  end

  return vim.tbl_filter(function(choice) return vim.startswith(choice, lead) end, choices)
end

return M
