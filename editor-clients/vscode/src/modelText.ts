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

export function describeModel(model: ListedModel): { label: string; description: string } {
  const what = model.path === null ? 'not here; choosing it fetches it' : model.problem ?? (model.canChat === true ? 'completes, chats and changes code' : 'completes');
  return { label: `${model.inUse ? '$(check) ' : ''}${model.name}`, description: `${size(model.bytes)}, ${what}` };
}

function size(bytes: number): string {
  return bytes < 1e9 ? `${Math.round(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}
