-- What a person can choose. The server's own settings are in `settings`, and are the server's to know.
local M = {}

--- What each is stands in :help gptoss-options.
---@class gptoss.Options
M.defaults = {
  program = 'gptoss-codeassist', ---@type string|string[]
  arguments = {}, ---@type string[]
  model = nil, ---@type string?
  filetypes = { 'cs' },
  settings = {},
  automatic = true,
  native = nil, ---@type boolean?
  keys = { accept = '<M-l>', accept_word = '<M-w>', accept_line = '<M-e>', next = '<M-n>', previous = '<M-p>', dismiss = '<M-x>' },
  chat = { effort = 'medium', look_around = true, open = 'botright vsplit' },
  progress = true,
}

---@type gptoss.Options
M.current = vim.deepcopy(M.defaults)

--- Which keys somebody chose, and which are only proposed.
M.chosen_keys = {}

--- What is wrong with the options, a sentence each; for the health check.
M.problems = {}

local function say(...) table.insert(M.problems, string.format(...)) end

-- What has no default value, or takes more than one type.
local types = { program = { 'string', 'table' }, model = { 'string' }, native = { 'boolean' } }

local function check(given, defaults, prefix)
  for key, value in pairs(given) do
    local name = prefix .. key
    local wanted = types[name] or { defaults[key] ~= nil and type(defaults[key]) or nil, prefix == 'keys.' and 'boolean' or nil }
    if defaults[key] == nil and not types[name] then
      say('There is no option %s; :help gptoss-options lists them.', name)
      given[key] = nil
    elseif not vim.list_contains(wanted, type(value)) then
      say('The option %s is a %s, not a %s; its default counts.', name, table.concat(wanted, ' or '), type(value))
      given[key] = nil
    elseif name == 'keys' or name == 'chat' then
      check(value, defaults[key], name .. '.')
    end
  end
end

--- Takes what a person set; what makes no sense is left out and told.
---@param given table?
function M.take(given)
  given = vim.deepcopy(given or {})
  M.problems = {}
  check(given, M.defaults, '')
  M.chosen_keys = given.keys or {}
  M.current = vim.tbl_deep_extend('force', vim.deepcopy(M.defaults), given)
  for _, problem in ipairs(M.problems) do
    vim.notify('gpt-oss: ' .. problem, vim.log.levels.WARN)
  end
end

--- Whether Neovim's own inline completion is used.
function M.uses_native() return M.current.native ~= false and vim.lsp.inline_completion and true or false end

--- The program with its arguments, and what is wrong where it cannot be started.
---@return string[] command
---@return string? problem
function M.program()
  local program = M.current.program
  local command = type(program) == 'table' and vim.deepcopy(program) or { vim.fs.normalize(program) }
  if #command == 1 and vim.endswith(command[1], '.dll') then table.insert(command, 1, 'dotnet') end

  if vim.fn.executable(command[1] or '') == 0 then
    return command, ('%s cannot be started: put gptoss-codeassist on the PATH, or give its full path in the option program.'):format(command[1] or 'nothing')
  end

  return command, nil
end

return M
