// Which of the settings below `gptOss` the server hears of.

/** The client's own, which the server does not know. */
const own = ['server', 'languages', 'trace', 'chat.effort', 'chat.lookAround'];

/** What a person set, without the client's own and without what is empty: an empty text is no choice. */
export function forServer(settings: unknown, path = ''): unknown {
  if (typeof settings !== 'object' || settings === null || Array.isArray(settings)) {
    return settings;
  }

  const kept = Object.entries(settings)
    .map(([key, value]: [string, unknown]) => ({ key, at: `${path}${key}`, value }))
    .filter(({ at, value }) => !own.includes(at) && value !== '' && value !== null)
    .map(({ key, at, value }) => [key, forServer(value, `${at}.`)]);
  return Object.fromEntries(kept);
}
