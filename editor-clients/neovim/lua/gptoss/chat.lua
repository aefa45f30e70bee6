-- The conversation, in a buffer of Markdown: the last section is the next question.
local options = require('gptoss.options')
local server = require('gptoss.server')
local text = require('gptoss.text')

local M = {}

local you, assistant = '## You', '## gpt-oss'
-- Begins the lines that are folded away: the model's thoughts and what it looked up.
local aside = '┊ '

---@class gptoss.Chat
---@field bufnr integer
---@field conversation string
---@field question integer? the mark of the heading below which the next question stands
---@field running { client: vim.lsp.Client?, id: integer?, method: string, token: string, last: string? }? `last` is the kind of the newest piece
---@field about { bufnr: integer, range: table }? the code in front of the person

---@type gptoss.Chat?
local chat
local count = 0
local namespace = vim.api.nvim_create_namespace('gptoss.chat')

--- A name that no other conversation and no other answer has.
local function new_name()
  count = count + 1
  return ('gptoss-chat-%d-%d'):format(vim.fn.getpid(), count)
end

--- Writes at the end of the buffer, which a person cannot change while an answer is written; windows stay at the end while nobody has moved up.
local function append(piece)
  local bufnr = chat.bufnr
  local last = vim.api.nvim_buf_line_count(bufnr)
  local windows = vim.tbl_filter(function(win) return vim.api.nvim_win_get_cursor(win)[1] == last end, vim.fn.win_findbuf(bufnr))
  vim.bo[bufnr].modifiable = true
  local line = vim.api.nvim_buf_get_lines(bufnr, -2, -1, false)[1]
  vim.api.nvim_buf_set_lines(bufnr, -2, -1, false, vim.split(line .. piece, '\n', { plain = true }))
  vim.bo[bufnr].modifiable = chat.running == nil
  vim.bo[bufnr].modified = false
  for _, win in ipairs(windows) do
    vim.api.nvim_win_set_cursor(win, { vim.api.nvim_buf_line_count(bufnr), 0 })
  end
end

--- Makes the heading and the room for a question, the buffer's last three lines.
local function begin_question()
  append((vim.api.nvim_buf_line_count(chat.bufnr) > 1 and '\n\n' or '') .. you .. '\n\n')
  chat.question = vim.api.nvim_buf_set_extmark(chat.bufnr, namespace, vim.api.nvim_buf_line_count(chat.bufnr) - 3, 0, { id = chat.question })
end

--- The first line, from 0, of the next question.
local function question_row() return vim.api.nvim_buf_get_extmark_by_id(chat.bufnr, namespace, chat.question, {})[1] + 1 end

local function put_question(message) vim.api.nvim_buf_set_lines(chat.bufnr, question_row(), -1, false, vim.split('\n' .. message, '\n')) end

--- Takes a piece of an answer; false for progress that is not the chat's.
---@return boolean
function M.hear(params)
  local running = chat and chat.running
  if not running or params.token ~= running.token then return type(params.token) == 'string' and vim.startswith(params.token, 'gptoss-chat-') end

  local kind, piece, last = params.value.kind, params.value.text, running.last
  if kind == 'answer' or kind == 'notice' then
    running.last = 'answer'
    append((last == 'answer' and '' or last and '\n\n' or '\n') .. (kind == 'notice' and '> ' .. piece .. '\n' or piece))
  else
    running.last = kind
    local sign = ({ toolCall = '→ ', toolResult = '← ' })[kind] or ''
    append((kind == 'reasoning' and last == kind and '' or '\n' .. aside) .. sign .. piece:gsub('\n', '\n' .. aside))
  end

  return true
end

--- Ends an answer with a note where there is one, and begins the next question.
local function finish(note)
  chat.running = nil
  if note then append('\n\n> ' .. note:gsub('\n', ' ')) end

  begin_question()
  vim.api.nvim_exec_autocmds('User', { pattern = 'GptOssChatDone' })
end

--- Whether a command's answer will be shown here, and needs no document of its own.
function M.is_waiting_for_command() return chat ~= nil and chat.running ~= nil and chat.running.method == 'workspace/executeCommand' end

--- Ends the answer that a server cannot give any more.
function M.lose(client_id)
  local client = chat and chat.running and chat.running.client
  if client and client.id == client_id then finish('The server ended before it had answered.') end
end

local function place()
  local about = chat.about
  if not about or not vim.api.nvim_buf_is_valid(about.bufnr) or not vim.lsp.get_clients({ name = 'gptoss', bufnr = about.bufnr })[1] then return {} end

  return { textDocument = { uri = vim.uri_from_bufnr(about.bufnr) }, range = about.range }
end

--- Says so where an answer is being written.
local function is_busy()
  if chat.running then server.say('The answer is still being written; :GptOss cancel stops it.') end

  return chat.running ~= nil
end

--- Sends a request whose answer becomes the next section.
local function run(method, params)
  local this, running = chat, { method = method, token = new_name() }
  chat.running = running
  append('\n\n' .. assistant .. '\n')
  local problem = server.with_client(chat.about and chat.about.bufnr, function(client)
    if chat ~= this or chat.running ~= running then return end

    running.client = client
    params.partialResultToken = method == 'gptOss/chat' and running.token or nil
    _, running.id = client:request(method, params, function(err, result)
      if chat ~= this or chat.running ~= running then return end

      local note = err and err.message or result.reason and result.reason.message
      if not err and result.markdown then M.hear({ token = running.token, value = { kind = 'answer', text = result.markdown } }) end

      if not note and (result.droppedTurns or 0) > 0 then note = 'The conversation has grown too long for the model; its beginning was left out.' end

      finish(note)
    end)
  end)
  if problem then finish(problem) end
end

--- Sends what stands below the last heading.
function M.send()
  if is_busy() then return end

  local message = vim.trim(table.concat(vim.api.nvim_buf_get_lines(chat.bufnr, question_row(), -1, false), '\n'))
  if message == '' then return server.say('Write the question at the end first.') end

  vim.cmd.stopinsert()
  local look_around, effort = options.current.chat.look_around, options.current.chat.effort
  run('gptOss/chat', vim.tbl_extend('force', place(), { message = message, conversationId = chat.conversation, effort = effort, useTools = look_around }))
end

local function cancel_request()
  local running = chat and chat.running
  if running and running.id then running.client:cancel_request(running.id) end
end

--- Stops the answer that is being written.
---@return boolean whether there was one
function M.cancel()
  if not chat or not chat.running then return false end

  cancel_request()
  finish('Stopped.')
  return true
end

--- Empties the buffer for a conversation that knows nothing of the one before.
local function begin_conversation()
  chat.conversation = new_name()
  vim.api.nvim_buf_set_lines(chat.bufnr, 0, -1, false, {})
  begin_question()
end

--- Forgets the conversation.
function M.clear()
  if not chat then return end

  M.cancel()
  local client = server.client()
  if client then client:request('gptOss/resetChat', { conversationId = chat.conversation }, function() end) end

  begin_conversation()
end

--- Uses the block of code at the caret.
---@param use fun(code: string[])
local function with_block(use)
  local caret = vim.api.nvim_win_get_cursor(0)[1]
  local lines = vim.api.nvim_buf_get_lines(chat.bufnr, 0, -1, false)
  local first
  for index, line in ipairs(lines) do
    if line:match('^%s*```') and not first then
      first = index
    elseif line:match('^%s*```%s*$') then
      if first <= caret and caret <= index then return use(vim.list_slice(lines, first + 1, index - 1)) end

      first = nil
    end
  end
  server.say('Put the caret into a block of code first.')
end

--- Shows the block at the caret as a change of the code that the conversation is about.
local function propose_block(code)
  local about = chat.about
  if not about or not vim.api.nvim_buf_is_valid(about.bufnr) then return server.say('Open the chat from the code that the block belongs to.') end

  local range, code_text = vim.deepcopy(about.range), table.concat(code, '\n')
  if vim.deep_equal(range.start, range['end']) then
    -- Nothing was selected: above the caret's line.
    range.start.character, range['end'].character, code_text = 0, 0, code_text .. '\n'
  end

  local change = { textDocument = { uri = vim.uri_from_bufnr(about.bufnr), version = vim.NIL }, edits = { { range = range, newText = code_text } } }
  require('gptoss.proposal').show({ documentChanges = { change } }, 'utf-16')
end

local references = { '#selection', '#diagnostics', '#file:', '#symbol:' }

--- For 'omnifunc': what a question can be about.
function M.complete(find_start, base)
  if find_start == 1 then
    local before = vim.api.nvim_get_current_line():sub(1, vim.api.nvim_win_get_cursor(0)[2])
    return (before:find('#%S*$') or #before + 1) - 1
  end

  local file = base:match('^#file:(.*)')
  local words = not file and references or vim.tbl_map(function(path) return '#file:' .. path end, vim.fn.getcompletion(file, 'file'))
  return vim.tbl_filter(function(word) return vim.startswith(word, base) end, words)
end

local function create()
  local bufnr = vim.api.nvim_create_buf(true, true)
  vim.api.nvim_buf_set_name(bufnr, 'gptoss://chat')
  chat = { bufnr = bufnr }
  begin_conversation()
  vim.bo[bufnr].filetype = 'markdown'
  vim.bo[bufnr].omnifunc = "v:lua.require'gptoss.chat'.complete"
  local function map(modes, key, about, act) vim.keymap.set(modes, key, act, { buffer = bufnr, desc = 'gpt-oss: ' .. about }) end
  map('n', '<CR>', 'send the question', M.send)
  map({ 'n', 'i' }, '<C-s>', 'send the question', M.send)
  map('n', '<C-c>', 'stop the answer', M.cancel)
  map('n', 'gy', 'copy the block of code', function()
    with_block(function(code) vim.fn.setreg(vim.v.register, code, 'l') end)
  end)
  map('n', 'gp', 'compare the block with the code, and put it there', function() with_block(propose_block) end)
  vim.api.nvim_create_autocmd({ 'BufDelete', 'BufWipeout' }, {
    buffer = bufnr,
    callback = function()
      cancel_request()
      chat = nil
    end,
  })
end

--- Shows the chat, which is about the code in front of the person.
local function show(call)
  local bufnr = vim.api.nvim_get_current_buf()
  if not chat then create() end

  if bufnr ~= chat.bufnr and vim.bo[bufnr].buftype == '' then chat.about = { bufnr = bufnr, range = text.range(bufnr, call) } end

  local win = vim.fn.bufwinid(chat.bufnr)
  if win == -1 then
    vim.cmd(options.current.chat.open)
    vim.api.nvim_win_set_buf(0, chat.bufnr)
    win = vim.api.nvim_get_current_win()
    vim.cmd('setlocal wrap linebreak nonumber norelativenumber signcolumn=no foldmethod=expr foldlevel=0 foldminlines=0 foldenable')
    vim.wo[win][0].foldexpr = "getline(v:lnum) =~ '^┊'"
    vim.wo[win][0].foldtext = "printf('┊ Reasoning (%d lines)', v:foldend - v:foldstart + 1)"
    vim.fn.matchadd('GptOssReasoning', '^┊.*$', 10, -1, { window = win })
  end

  vim.api.nvim_set_current_win(win)
  vim.api.nvim_win_set_cursor(win, { vim.api.nvim_buf_line_count(chat.bufnr), 0 })
end

--- Opens the chat; asks at once where there is a message.
---@param message string?
---@param call table? the range of a command
function M.open(message, call)
  show(call)
  local is_about_selection = call and call.range > 0
  if message == '' and not is_about_selection or is_busy() then return end

  put_question(message == '' and '#selection ' or message)
  vim.api.nvim_win_set_cursor(0, { vim.api.nvim_buf_line_count(chat.bufnr), 0 })
  if message == '' then return vim.cmd('startinsert!') end

  M.send()
end

--- Has the member explained by the server's command, as a turn of the conversation.
---@param call table the range of a command
function M.explain(call)
  show(call)
  local about = place()
  if is_busy() then
    return
  elseif not about.textDocument then
    return server.say('Open the file that this is about first.')
  end

  local file = vim.fs.basename(vim.uri_to_fname(about.textDocument.uri))
  put_question(('Explain %s:%d'):format(file, about.range.start.line + 1))
  local arguments = vim.tbl_extend('force', about, { conversationId = chat.conversation, effort = options.current.chat.effort })
  run('workspace/executeCommand', { command = 'gptOss.explain', arguments = { arguments } })
end

return M
