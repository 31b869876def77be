/** All of a call that the page before it does not need, the client library too: one file. */
function load() {
  return import('../call/entry.js');
}

let loading: ReturnType<typeof load> | null = null;

/** Fetches the call, once. What failed is fetched again when it is asked for again. */
export function loadCall(): ReturnType<typeof load> {
  loading ??= load().catch((error: unknown) => {
    loading = null;
    throw error;
  });
  return loading;
}
