// The chat's page: draws turns, sends questions.
import { append, type FromPage, type ToPage, type Turn } from '../chat/messages';
import { Choices } from './choices';
import { toHtml } from './markdown';

declare function acquireVsCodeApi(): { postMessage(message: FromPage): void };

const editor = acquireVsCodeApi();
const turns = element('turns');
const question = element('question') as HTMLTextAreaElement;
const effort = element('effort') as HTMLSelectElement;
const stop = element('stop') as HTMLButtonElement;
const send = element('send') as HTMLButtonElement;
/** What a screen reader hears: an answer once and whole, not every piece of it. */
const said = element('said');
const choices = new Choices(question, element('choices'), (text) => (said.textContent = text));

const shown = new Map<number, { turn: Turn; node: HTMLElement }>();
let isDrawing = false;

window.addEventListener('message', ({ data }: MessageEvent<ToPage>) => {
  switch (data.type) {
    case 'transcript':
      shown.clear();
      turns.replaceChildren();
      effort.value = data.effort;
      data.turns.forEach(show);
      break;
    case 'turn':
      show(data.turn);
      announce(data.turn);
      break;
    case 'partial': {
      const known = shown.get(data.id);
      if (known !== undefined) {
        append(known.turn, data.partial);
        refreshSoon();
      }
      break;
    }
    case 'choices':
      choices.show(data.word, data.choices);
      break;
    case 'reference':
      question.setRangeText(`${data.text} `, question.selectionStart, question.selectionEnd, 'end');
      question.focus();
      break;
    case 'focus':
      question.focus();
      break;
  }
});

/** At most once a frame, however fast the pieces come. */
function refreshSoon(): void {
  if (!isDrawing) {
    isDrawing = true;
    requestAnimationFrame(() => {
      isDrawing = false;
      [...shown.values()].filter(({ turn }) => turn.state === 'running').forEach(({ turn }) => show(turn));
    });
  }
}

function show(turn: Turn): void {
  const atEnd = turns.scrollHeight - turns.scrollTop - turns.clientHeight < 40;
  const node = shown.get(turn.id)?.node ?? turns.appendChild(document.createElement('article'));
  shown.set(turn.id, { turn, node });
  const wasOpen = node.querySelector('details')?.open ?? false;
  node.className = `turn ${turn.state}`;
  node.setAttribute('aria-busy', String(turn.state === 'running'));
  node.replaceChildren(
    make('h2', 'question', turn.question),
    ...(turn.steps.length > 0 ? [make('p', 'steps', turn.steps.join('\n'))] : []),
    ...(turn.reasoning === '' ? [] : [fold(turn.reasoning, wasOpen)]),
    answer(turn),
    ...(turn.note === undefined || turn.note === '' ? [] : [note(turn.note, turn.wantsModel === true)]),
  );
  const isRunning = turn.state === 'running';
  stop.hidden = !isRunning;
  send.disabled = isRunning;
  if (atEnd) {
    turns.scrollTop = turns.scrollHeight;
  }
}

function announce(turn: Turn): void {
  const answered = shown.get(turn.id)?.node.querySelector('.answer')?.textContent ?? '';
  said.textContent = turn.state === 'running' ? 'Asked.' : [answered, turn.note ?? ''].join(' ');
}

function note(text: string, wantsModel: boolean): HTMLElement {
  const node = make('p', 'note', text);
  if (wantsModel) {
    const link = document.createElement('a');
    link.href = 'command:gptOss.chooseModel';
    link.textContent = 'Choose a model…';
    node.append(' ', link);
  }

  return node;
}

function fold(reasoning: string, isOpen: boolean): HTMLElement {
  const details = document.createElement('details');
  details.open = isOpen;
  details.append(make('summary', '', 'Reasoning'), make('div', 'reasoning', reasoning));
  return details;
}

function answer(turn: Turn): HTMLElement {
  const node = make('div', 'answer', '');
  if (turn.answer === '' && turn.state === 'running') {
    node.append(make('span', 'thinking', turn.reasoning === '' ? 'Reading…' : 'Thinking…'));
    return node;
  }

  // Safe: the renderer escapes every tag that the model wrote.
  node.innerHTML = toHtml(turn.answer);
  for (const block of node.querySelectorAll('pre')) {
    block.tabIndex = 0;
    const code = block.textContent.replace(/\n$/, '');
    const buttons = make('div', 'buttons', '');
    buttons.append(
      button('Copy', 'Copy the code', () => editor.postMessage({ type: 'copy', code })),
      button('Insert', 'Insert the code at the caret', () => editor.postMessage({ type: 'insert', code })),
      button('Apply…', 'Show what replacing the selection by this code would change', () => editor.postMessage({ type: 'apply', code })),
    );
    block.before(buttons);
  }

  return node;
}

function make(tag: string, className: string, text: string): HTMLElement {
  const node = document.createElement(tag);
  node.className = className;
  node.textContent = text;
  return node;
}

function button(text: string, title: string, press: () => void): HTMLButtonElement {
  const node = document.createElement('button');
  node.type = 'button';
  node.textContent = text;
  node.title = title;
  node.addEventListener('click', press);
  return node;
}

function ask(): void {
  if (question.value.trim() !== '' && !send.disabled) {
    editor.postMessage({ type: 'ask', text: question.value, effort: effort.value as 'low' | 'medium' | 'high' });
    question.value = '';
    choices.hide();
  }
}

question.addEventListener('input', () => {
  const word = choices.word();
  if (word === undefined) {
    choices.hide();
  } else {
    editor.postMessage({ type: 'complete', word });
  }
});

question.addEventListener('keydown', (event) => {
  if (event.isComposing || choices.take(event)) {
    return;
  }

  if (event.key === 'Enter' && !event.shiftKey) {
    event.preventDefault();
    ask();
  } else if (event.key === 'Escape') {
    editor.postMessage({ type: 'stop' });
  }
});

element('ask').addEventListener('submit', (event) => {
  event.preventDefault();
  ask();
});
stop.addEventListener('click', () => editor.postMessage({ type: 'stop' }));
element('attach').addEventListener('click', () => choices.insert('#'));
editor.postMessage({ type: 'ready' });

/** @throws Error where the page and this script do not belong together. */
function element(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) {
    throw new Error(`The page has no ${id}.`);
  }

  return found;
}
