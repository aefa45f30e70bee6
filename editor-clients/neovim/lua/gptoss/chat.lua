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
---@field question integer the mark of the heading below which the next question stands
---@field running { client: vim.lsp.Client?, id: integer?, token: string, last: 'aside'|'line'|'answer'|nil }?
---@field about { bufnr: integer, range: table }? the code in front of the person

---@type gptoss.Chat?
local chat
local count = 0
local namespace = vim.api.nvim_create_namespace('gptoss.chat')
--- Whether a command's answer will be shown here, and needs no document of its own.
M.is_waiting_for_command = false

local function new_conversation()
  count = count + 1
  return ('nvim-%d-%d'):format(vim.fn.getpid(), count)
end

--- Changes the buffer, which a person cannot while an answer is written.
local function write(change)
  vim.bo[chat.bufnr].modifiable = true
  change(vim.api.nvim_buf_line_count(chat.bufnr))
  vim.bo[chat.bufnr].modifiable = chat.running == nil
  vim.bo[chat.bufnr].modified = false
end

local function add_lines(lines)
  write(function() vim.api.nvim_buf_set_lines(chat.bufnr, -1, -1, false, lines) end)
end

--- The window stays at the end while nobody has moved up.
local function following(change)
  local last = vim.api.nvim_buf_line_count(chat.bufnr)
  local windows = vim.tbl_filter(function(win) return vim.api.nvim_win_get_cursor(win)[1] == last end, vim.fn.win_findbuf(chat.bufnr))
  change()
  for _, win in ipairs(windows) do
    vim.api.nvim_win_set_cursor(win, { vim.api.nvim_buf_line_count(chat.bufnr), 0 })
  end
end

--- The buffer's last three lines are the heading and the room for a question.
local function mark_question()
  chat.question = vim.api.nvim_buf_set_extmark(chat.bufnr, namespace, vim.api.nvim_buf_line_count(chat.bufnr) - 3, 0, { id = chat.question })
end

local function begin_question()
  following(function() add_lines({ '', you, '', '' }) end)
  mark_question()
end

--- The first line, from 0, of the next question.
local function question_row() return vim.api.nvim_buf_get_extmark_by_id(chat.bufnr, namespace, chat.question, {})[1] + 1 end

local function put_question(lines)
  write(function() vim.api.nvim_buf_set_lines(chat.bufnr, question_row(), -1, false, vim.list_extend({ '' }, lines)) end)
end

local function add_text(piece, prefix)
  following(function()
    write(function(total)
      local last = vim.api.nvim_buf_get_lines(chat.bufnr, total - 1, total, false)[1]
      local lines = vim.split(piece, '\n', { plain = true })
      for index = 2, #lines do
        lines[index] = prefix .. lines[index]
      end

      vim.api.nvim_buf_set_text(chat.bufnr, total - 1, #last, total - 1, #last, lines)
    end)
  end)
end

--- Takes a piece of an answer; false for progress that is not the chat's.
---@return boolean
function M.hear(params)
  local running = chat and chat.running
  if not running or params.token ~= running.token then return type(params.token) == 'string' and vim.startswith(params.token, 'gptoss-chat-') end

  local kind, piece = params.value.kind, params.value.text
  local is_aside = kind ~= 'answer' and kind ~= 'notice'
  if is_aside and (kind ~= 'reasoning' or running.last ~= 'aside') then
    following(function() add_lines({ aside }) end)
  elseif not is_aside and running.last ~= 'answer' then
    following(function() add_lines(running.last and { '', '' } or { '' }) end)
  end

  running.last = not is_aside and 'answer' or kind == 'reasoning' and 'aside' or 'line'
  if kind == 'notice' then
    piece = '> ' .. piece .. '\n'
  elseif is_aside and kind ~= 'reasoning' then
    piece = (kind == 'toolCall' and '→ ' or '← ') .. piece
  end

  add_text(piece, is_aside and aside or '')
  return true
end

--- For 'foldexpr'.
function M.fold(line) return vim.startswith(vim.fn.getline(line), aside:sub(1, #'┊')) and '1' or '0' end

--- For 'foldtext'.
function M.fold_text() return ('%s Reasoning (%d lines)'):format(aside, vim.v.foldend - vim.v.foldstart + 1) end

--- Ends an answer with a note where there is one, and begins the next question.
local function finish(note)
  chat.running = nil
  M.is_waiting_for_command = false
  if note then following(function() add_lines({ '', '> ' .. note:gsub('\n', ' ') }) end) end

  begin_question()
  vim.api.nvim_exec_autocmds('User', { pattern = 'GptOssChatDone' })
end

local function place()
  local about = chat.about
  if not about or not vim.api.nvim_buf_is_valid(about.bufnr) or not vim.lsp.get_clients({ name = 'gptoss', bufnr = about.bufnr })[1] then return {} end

  return { textDocument = { uri = vim.uri_from_bufnr(about.bufnr) }, range = about.range }
end

--- Sends a request whose answer becomes the next section.
---@param send fun(client: vim.lsp.Client, token: string, done: fun(note: string?)): integer?
local function run(send)
  count = count + 1
  local this = chat
  local running = { token = ('gptoss-chat-%d'):format(count) }
  chat.running = running
  following(function() add_lines({ '', assistant, '' }) end)
  server.with_client(chat.about and chat.about.bufnr, function(client)
    running.client = client
    running.id = send(client, running.token, function(note)
      if chat == this and chat.running == running then finish(note) end
    end)
  end)
  if not running.client then server.say('The server is starting.') end
end

local function ask(message)
  local params = vim.tbl_extend('force', place(), {
    message = message,
    conversationId = chat.conversation,
    effort = options.current.chat.effort,
    useTools = options.current.chat.look_around,
  })
  run(function(client, token, done)
    params.partialResultToken = token
    local _, id = client:request('gptOss/chat', params, function(err, result)
      local note = err and err.message or result.reason and result.reason.message
      if not note and result.droppedTurns > 0 then note = 'The conversation has grown too long for the model; its beginning was left out.' end

      done(note)
    end)
    return id
  end)
end

--- Sends what stands below the last heading.
function M.send()
  if chat.running then return server.say('The answer is still being written; :GptOss cancel stops it.') end

  local lines = vim.api.nvim_buf_get_lines(chat.bufnr, question_row(), -1, false)
  local message = vim.trim(table.concat(lines, '\n'))
  if message == '' then return server.say('Write the question at the end first.') end

  vim.cmd.stopinsert()
  ask(message)
end

--- Stops the answer that is being written.
---@return boolean whether there was one
function M.cancel()
  local running = chat and chat.running
  if not running then return false end

  if running.client and running.id then running.client:cancel_request(running.id) end

  finish('Stopped.')
  return true
end

--- Forgets the conversation and empties the buffer.
function M.clear()
  if not chat then return end

  M.cancel()
  local client = server.client()
  if client then client:request('gptOss/resetChat', { conversationId = chat.conversation }, function() end) end

  chat.conversation = new_conversation()
  write(function() vim.api.nvim_buf_set_lines(chat.bufnr, 0, -1, false, { you, '', '' }) end)
  mark_question()
end

--- The block of code at the caret; nil outside one.
local function block()
  local lines = vim.api.nvim_buf_get_lines(chat.bufnr, 0, -1, false)
  local caret = vim.api.nvim_win_get_cursor(0)[1]
  local first
  for index, line in ipairs(lines) do
    if line:match('^%s*```') and not first then
      first = index
    elseif line:match('^%s*```%s*$') then
      if first <= caret and caret <= index then return vim.list_slice(lines, first + 1, index - 1) end

      first = nil
    end
  end
end

local function with_block(use)
  local code = block()
  if not code then return server.say('Put the caret into a block of code first.') end

  use(code)
end

--- Shows the block at the caret as a change of the code that the conversation is about.
local function propose_block(code)
  local about = chat.about
  if not about or not vim.api.nvim_buf_is_valid(about.bufnr) then return server.say('Open the chat from the code that the block belongs to.') end

  local caret = about.range
  local is_caret = vim.deep_equal(caret.start, caret['end'])
  local new_text = table.concat(code, '\n') .. (is_caret and '\n' or '')
  local range = is_caret and { start = { line = caret.start.line, character = 0 }, ['end'] = { line = caret.start.line, character = 0 } } or caret
  require('gptoss.proposal').show({ changes = { [vim.uri_from_bufnr(about.bufnr)] = { { range = range, newText = new_text } } } }, 'utf-16')
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
  chat = { bufnr = bufnr, conversation = new_conversation(), question = 1 }
  vim.api.nvim_buf_set_lines(bufnr, 0, -1, false, { you, '', '' })
  mark_question()
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
      local running = chat and chat.running
      if running and running.id then running.client:cancel_request(running.id) end

      chat = nil
    end,
  })
end

local function show_window()
  local win = vim.fn.bufwinid(chat.bufnr)
  if win == -1 then
    vim.cmd(options.current.chat.open)
    vim.api.nvim_win_set_buf(0, chat.bufnr)
    win = vim.api.nvim_get_current_win()
    for option, value in pairs({
      wrap = true,
      linebreak = true,
      number = false,
      relativenumber = false,
      signcolumn = 'no',
      foldmethod = 'expr',
      foldexpr = "v:lua.require'gptoss.chat'.fold(v:lnum)",
      foldtext = "v:lua.require'gptoss.chat'.fold_text()",
      foldlevel = 0,
      foldminlines = 0,
      foldenable = true,
    }) do
      vim.wo[win][0][option] = value
    end

    vim.fn.matchadd('GptOssReasoning', '^┊.*$', 10, -1, { window = win })
  end

  vim.api.nvim_set_current_win(win)
  vim.api.nvim_win_set_cursor(win, { vim.api.nvim_buf_line_count(chat.bufnr), 0 })
end

--- Shows the chat, which is about the code in front of the person.
local function show(call)
  local bufnr = vim.api.nvim_get_current_buf()
  if not chat then create() end

  if bufnr ~= chat.bufnr and vim.bo[bufnr].buftype == '' then chat.about = { bufnr = bufnr, range = text.range(bufnr, call) } end

  show_window()
end

--- Opens the chat; asks at once where there is a message.
---@param message string?
---@param call table? the range of a command
function M.open(message, call)
  show(call)
  if chat.running then
    return
  elseif message and message ~= '' then
    put_question(vim.split(message, '\n'))
    M.send()
  elseif call and call.range > 0 then
    vim.api.nvim_buf_set_lines(chat.bufnr, -2, -1, false, { '#selection ' })
    vim.api.nvim_win_set_cursor(0, { vim.api.nvim_buf_line_count(chat.bufnr), 0 })
    vim.cmd('startinsert!')
  end
end

--- Runs a command of the server's whose answer is words, and shows it as a turn of the conversation.
---@param command string
---@param call table the range of a command
function M.explain(command, call)
  show(call)
  local about = place()
  if chat.running then
    return server.say('The answer is still being written; :GptOss cancel stops it.')
  elseif not about.textDocument then
    return server.say('Open the file that this is about first.')
  end

  local file = vim.fs.basename(vim.uri_to_fname(about.textDocument.uri))
  put_question({ ('Explain %s:%d'):format(file, about.range.start.line + 1) })
  M.is_waiting_for_command = true
  run(function(client, token, done)
    local arguments = vim.tbl_extend('force', about, { conversationId = chat.conversation, effort = options.current.chat.effort })
    local _, id = client:request('workspace/executeCommand', { command = command, arguments = { arguments } }, function(err, result)
      if result and result.markdown then M.hear({ token = token, value = { kind = 'answer', text = result.markdown } }) end

      done(err and err.message or result and result.reason and result.reason.message)
    end)
    return id
  end)
end

return M
