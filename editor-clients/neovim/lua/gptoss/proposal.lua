-- A change that a person sees before it is made: a tab page that compares, for each file.
local options = require('gptoss.options')
local server = require('gptoss.server')
local text = require('gptoss.text')

local M = {}

---@class gptoss.Proposal
---@field edit lsp.WorkspaceEdit
---@field encoding string
---@field targets table<integer, integer> the change counters of the files' buffers when it was proposed
---@field files integer how many it changes
---@field tabs integer[]
---@field home integer the window that the person came from

---@type gptoss.Proposal?
local open

--- The edits of each file. What is compared needs no question for each part, so annotations go.
---@return { uri: string, edits: table[], is_new: boolean }[]
local function files_of(edit)
  local files, created = {}, {}
  edit.changeAnnotations = nil
  for _, change in ipairs(edit.documentChanges or {}) do
    for _, one in ipairs(change.edits or { change }) do
      one.annotationId = nil
    end
    if change.kind == 'create' then
      created[change.uri] = true
    elseif change.textDocument then
      local uri = change.textDocument.uri
      table.insert(files, { uri = uri, edits = change.edits, is_new = created[uri] == true })
    end
  end
  return files
end

--- Ends the comparison without changing anything.
function M.reject()
  local proposal = open
  open = nil
  if not proposal then return end

  for _, tab in ipairs(proposal.tabs) do
    if vim.api.nvim_tabpage_is_valid(tab) then
      vim.api.nvim_set_current_tabpage(tab)
      -- Or the files' next windows would begin as comparisons.
      vim.cmd('diffoff! | tabclose')
    end
  end
  if vim.api.nvim_win_is_valid(proposal.home) then vim.api.nvim_set_current_win(proposal.home) end
end

--- Makes the change that is shown.
function M.accept()
  local proposal = open
  if not proposal then return server.say('No change is proposed.') end

  for bufnr, tick in pairs(proposal.targets) do
    if not vim.api.nvim_buf_is_valid(bufnr) or vim.api.nvim_buf_get_changedtick(bufnr) ~= tick then
      return server.say('The code has changed since; reject this and ask again.', vim.log.levels.WARN)
    end
  end

  M.reject()
  vim.lsp.util.apply_workspace_edit(proposal.edit, proposal.encoding)
  if proposal.files > 1 then server.say(('%d files were changed; :wall writes them.'):format(proposal.files)) end
end

local function compare(proposal, file)
  local target = not file.is_new and vim.uri_to_bufnr(file.uri) or vim.api.nvim_create_buf(false, true)
  if not file.is_new then
    vim.fn.bufload(target)
    proposal.targets[target] = vim.api.nvim_buf_get_changedtick(target)
  end

  local after = vim.api.nvim_create_buf(false, true)
  local path = vim.uri_to_fname(file.uri)
  vim.api.nvim_buf_set_lines(after, 0, -1, false, vim.api.nvim_buf_get_lines(target, 0, -1, false))
  vim.lsp.util.apply_text_edits(file.edits, after, proposal.encoding)
  vim.api.nvim_buf_set_name(after, ('gptoss://proposal/%d/%s'):format(after, vim.fs.basename(path)))
  vim.bo[after].buflisted = false
  vim.bo[after].bufhidden = 'wipe'
  vim.bo[after].modifiable = false
  vim.bo[after].filetype = vim.filetype.match({ filename = path }) or ''
  vim.keymap.set('n', '<CR>', M.accept, { buffer = after, desc = 'gpt-oss: make the change' })
  vim.keymap.set('n', 'q', M.reject, { buffer = after, desc = 'gpt-oss: reject the change' })

  vim.cmd('tab sbuffer ' .. target)
  table.insert(proposal.tabs, vim.api.nvim_get_current_tabpage())
  vim.cmd('diffthis')
  vim.cmd('rightbelow vertical sbuffer ' .. after)
  vim.cmd('diffthis')
  vim.wo[0][0].winbar = ('%%#Title#%s: <CR> makes the change, q rejects it'):format(vim.fs.basename(path):gsub('%%', '%%%%'))
  -- To the first difference.
  vim.cmd('normal! gg]c')
end

--- Compares a change with what is there.
---@param edit lsp.WorkspaceEdit
---@param encoding string
function M.show(edit, encoding)
  M.reject()
  local proposal = { edit = vim.deepcopy(edit), encoding = encoding, targets = {}, tabs = {}, home = vim.api.nvim_get_current_win() }
  local files = files_of(proposal.edit)
  proposal.files = #files
  if #files == 0 then return server.say('Nothing would change.') end

  for index = #files, 1, -1 do
    compare(proposal, files[index])
  end

  open = proposal
  vim.api.nvim_exec_autocmds('User', { pattern = 'GptOssProposal' })
end

--- Asks for a change of the code at the caret or in the range, and shows it.
---@param action string as PROTOCOL.md names it
---@param call table the range of a command
---@param message string? the instruction
function M.propose(action, call, message)
  local bufnr = vim.api.nvim_get_current_buf()
  local client = vim.lsp.get_clients({ name = 'gptoss', bufnr = bufnr })[1]
  if not client then return server.say('No server runs for this file; :checkhealth gptoss says why.', vim.log.levels.WARN) end

  local arguments = {
    action = action,
    message = message,
    effort = options.current.chat.effort,
    textDocument = { uri = vim.uri_from_bufnr(bufnr) },
    range = text.range(bufnr, call),
  }
  client:request('codeAction/resolve', { title = 'gpt-oss: ' .. action, data = arguments }, function(err, resolved)
    if err then
      server.say(err.message, vim.log.levels.WARN)
    elseif resolved and resolved.edit then
      M.show(resolved.edit, client.offset_encoding)
    else
      server.say('Nothing came of it.')
    end
  end, bufnr)
end

return M
