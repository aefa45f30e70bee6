// The list above the question: commands and references that what is being typed could become.
import type { Choice } from '../chat/messages';

export class Choices {
  private _choices: Choice[] = [];
  private _word = '';
  private _active = 0;

  /** @param say Tells a screen reader. */
  constructor(private readonly question: HTMLTextAreaElement, private readonly list: HTMLElement, private readonly say: (text: string) => void) {
    question.addEventListener('blur', () => this.hide());
  }

  /** The command or reference before the caret; undefined where there is none. */
  word(): string | undefined {
    return /(?:^\/\p{L}*|(?<!\S)#\S*)$/u.exec(this.question.value.slice(0, this.question.selectionStart))?.[0];
  }

  show(word: string, choices: Choice[]): void {
    // The person may have typed on.
    if (word !== this.word() || choices.length === 0 || document.activeElement !== this.question) {
      this.hide();
      return;
    }

    [this._word, this._choices] = [word, choices];
    this.list.replaceChildren(...choices.map((choice, index) => {
      const item = document.createElement('li');
      item.id = `choice-${index}`;
      item.setAttribute('role', 'option');
      const about = document.createElement('span');
      about.textContent = choice.about;
      item.append(choice.text, ' ', about);
      item.addEventListener('mousedown', (event) => {
        event.preventDefault();
        this.choose(index);
      });
      return item;
    }));
    this.list.hidden = false;
    this.activate(0);
    this.say(`${choices.length} suggestions`);
  }

  hide(): void {
    this.list.hidden = true;
    this.question.removeAttribute('aria-activedescendant');
  }

  /** Whether the key was for the list. */
  take(event: KeyboardEvent): boolean {
    // Enter on what is already written whole asks.
    const isWhole = this._choices[this._active]?.text === this._word;
    if (this.list.hidden || event.shiftKey || (event.key === 'Enter' && isWhole)) {
      return false;
    }

    switch (event.key) {
      case 'ArrowDown':
      case 'ArrowUp':
        this.activate((this._active + (event.key === 'ArrowDown' ? 1 : -1) + this._choices.length) % this._choices.length);
        break;
      case 'Enter':
      case 'Tab':
        this.choose(this._active);
        break;
      case 'Escape':
        this.hide();
        break;
      default:
        return false;
    }

    event.preventDefault();
    return true;
  }

  /** Writes a text at the caret, as if it were typed. */
  insert(text: string, from = this.question.selectionStart): void {
    this.question.focus();
    this.question.setRangeText(text, from, this.question.selectionEnd, 'end');
    this.question.dispatchEvent(new Event('input'));
  }

  private choose(index: number): void {
    const text = this._choices[index]?.text ?? '';
    this.hide();
    // What ends with a colon goes on.
    this.insert(text.endsWith(':') ? text : `${text} `, this.question.selectionStart - this._word.length);
  }

  private activate(index: number): void {
    this._active = index;
    [...this.list.children].forEach((item, at) => item.setAttribute('aria-selected', String(at === index)));
    const item = this.list.children[index];
    this.question.setAttribute('aria-activedescendant', item?.id ?? '');
    item?.scrollIntoView({ block: 'nearest' });
  }
}
