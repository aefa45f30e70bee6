// How models and their coming are told.

/** One entry of `model list --json`. */
export interface ListedModel {
  name: string;
  /** Null where it is not here. */
  path: string | null;
  bytes: number;
  inUse: boolean;
  canChat: boolean | null;
  problem: string | null;
}

/** One line of `model pull --json`. */
export interface PullLine {
  event: 'fetching' | 'verifying' | 'done';
  done?: number | null;
  total?: number | null;
  bytesPerSecond?: number | null;
  secondsLeft?: number | null;
  model?: string | null;
}

export function describeModel(model: ListedModel): { label: string; description: string } {
  const what = model.path === null ? 'not here; choosing it fetches it' : model.problem ?? (model.canChat === true ? 'completes, chats and changes code' : 'completes');
  return { label: `${model.inUse ? '$(check) ' : ''}${model.name}`, description: `${size(model.bytes)}, ${what}` };
}

export function describePull({ event, done, total, bytesPerSecond, secondsLeft }: PullLine): { message: string; percent: number } {
  const percent = event === 'done' ? 100 : done == null || !total ? 0 : Math.floor((100 * done) / total);
  const parts = [
    event === 'verifying' ? 'verifying' : '',
    done == null || total == null ? '' : `${size(done)} of ${size(total)}`,
    bytesPerSecond == null ? '' : `${size(bytesPerSecond)}/s`,
    secondsLeft == null ? '' : secondsLeft < 90 ? `${secondsLeft} s left` : `${Math.round(secondsLeft / 60)} min left`,
  ];
  return { message: parts.filter((part) => part !== '').join(', '), percent };
}

function size(bytes: number): string {
  return bytes < 1e9 ? `${Math.round(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}
