-- :checkhealth gptoss
local options = require('gptoss.options')
local server = require('gptoss.server')
local suggest = require('gptoss.suggest')

local M = {}
local health = vim.health

local function check_editor()
  health.start('gpt-oss: Neovim')
  if vim.fn.has('nvim-0.11') == 0 then
    health.error('Neovim 0.11 or later is needed.')
  elseif options.uses_native() then
    health.ok('Neovim’s own inline completion draws what is offered.')
  else
    health.ok('The plug-in draws what is offered itself.')
  end

  for _, problem in ipairs(options.problems) do
    health.warn(problem)
  end
  for action, key in pairs(suggest.left_alone) do
    health.info(('The key %s was mapped already and is left alone; choose another for keys.%s.'):format(key, action))
  end
end

local function check_program()
  health.start('gpt-oss: the program')
  local command, problem = options.program()
  if problem then return health.error(problem, 'dotnet build makes it; see the README.') end

  local result = vim.system(vim.list_extend(vim.deepcopy(command), { '--version' }), { text = true, timeout = 20000 }):wait()
  if result.code ~= 0 then return health.error(('%s does not run: %s'):format(command[#command], vim.trim(result.stderr or ''))) end

  health.ok(('%s %s'):format(vim.fn.exepath(command[1]), vim.trim(result.stdout)))
end

local function check_server()
  health.start('gpt-oss: the server')
  local clients = vim.lsp.get_clients({ name = 'gptoss' })
  if #clients == 0 then
    return health.info('No server runs; it starts with the first file of these types: ' .. table.concat(options.current.filetypes, ', '))
  end

  for _, client in ipairs(clients) do
    local result = client:request_sync('gptOss/status', nil, 5000)
    local status = result and result.result
    if not status then
      health.error('The server does not answer.', 'Look at :GptOss log, then :GptOss restart.')
    else
      local tell = status.state == 'failed' and health.error or status.problem and health.warn or health.ok
      tell(table.concat(server.describe(status), ' '))
      health.info(('Version %s, in %s'):format(status.serverVersion, client.root_dir or 'no folder'))
    end
  end

  health.info(':GptOss doctor checks the model, the processor and the settings.')
end

function M.check()
  check_editor()
  check_program()
  check_server()
end

return M
